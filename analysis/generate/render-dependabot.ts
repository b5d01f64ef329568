// A dependabot.yml for what a repository has: one entry for each ecosystem, grouped, with a waiting time for new releases.

/** What one entry watches; '' is the top folder. */
interface Watched {
  readonly ecosystem: string
  readonly folder: string
}

/** Ends with a line break. */
export function renderDependabot(projects: readonly Watched[], cooldownDays: number): string {
  const folders = new Map<string, Set<string>>([['github-actions', new Set(['/'])]])
  for (const { ecosystem, folder } of projects) folders.set(ecosystem, (folders.get(ecosystem) ?? new Set()).add(`/${folder}`))
  return `version: 2

updates:
${[...folders].map(([ecosystem, list]) => renderEntry(ecosystem, [...list], cooldownDays)).join('\n')}`
}

function renderEntry(ecosystem: string, folders: readonly string[], cooldownDays: number): string {
  const [first = '/'] = folders
  const where = folders.length === 1 ? [`    directory: ${JSON.stringify(first)}`] : ['    directories:', ...folders.map((folder) => `      - ${JSON.stringify(folder)}`)]
  return `${[
    `  - package-ecosystem: ${ecosystem}`,
    ...where,
    '    schedule:',
    '      interval: weekly',
    '    cooldown:',
    `      default-days: ${cooldownDays}`,
    '    groups:',
    `      ${ecosystem}:`,
    '        patterns: ["*"]',
  ].join('\n')}\n`
}
