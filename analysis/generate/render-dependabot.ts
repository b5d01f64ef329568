// A dependabot.yml for what a repository has: one entry for each ecosystem, grouped, with a waiting time for new releases.
import type { Project } from './detect-stack.ts'

const COOLDOWN_DAYS = 7

/** Ends with a line break. */
export function renderDependabot(projects: readonly Project[]): string {
  const folders = new Map<string, Set<string>>([['github-actions', new Set(['/'])]])
  for (const { ecosystem, folder } of projects) folders.set(ecosystem, (folders.get(ecosystem) ?? new Set()).add(`/${folder}`))
  return `version: 2

updates:
${[...folders].map(([ecosystem, list]) => renderEntry(ecosystem, [...list])).join('\n')}`
}

function renderEntry(ecosystem: string, folders: readonly string[]): string {
  const [first = '/'] = folders
  const where = folders.length === 1 ? [`    directory: ${JSON.stringify(first)}`] : ['    directories:', ...folders.map((folder) => `      - ${JSON.stringify(folder)}`)]
  return `${[
    `  - package-ecosystem: ${ecosystem}`,
    ...where,
    '    schedule:',
    '      interval: weekly',
    '    cooldown:',
    `      default-days: ${COOLDOWN_DAYS}`,
    '    groups:',
    `      ${ecosystem}:`,
    '        patterns: ["*"]',
  ].join('\n')}\n`
}
