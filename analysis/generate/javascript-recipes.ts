// Jobs for projects of npm, pnpm, Yarn and Bun. Runs the scripts that package.json has; without its text, those that are there.
import type { JobRecipe, Recipe, RecipeStep, Site } from './recipe.ts'
import { run, steps, UBUNTU, uses } from './recipe.ts'

const SCRIPTS = [['Lint', 'lint'], ['Check types', 'typecheck'], ['Build', 'build'], ['Test', 'test']] as const
/** What `npm init` writes where there is no test. */
const PLACEHOLDER = 'no test specified'

interface Manifest {
  readonly scripts: Readonly<Record<string, unknown>>
  readonly pinsManager: boolean
}

export const npm: Recipe = (site) => node(site, readManifest(site), {
  manager: 'npm',
  before: [],
  install: 'npm ci',
  script: (name) => `npm run ${name}`,
  scriptIfAny: (name) => `npm run ${name} --if-present`,
})

export const pnpm: Recipe = (site) => {
  const manifest = readManifest(site)
  const isPinned = manifest?.pinsManager === true
  const recipe = node(site, manifest, {
    manager: 'pnpm',
    before: [uses('Set up pnpm', 'pnpm/action-setup', isPinned ? { package_json_file: site.path('package.json') } : { version: 'latest' })],
    install: 'pnpm install --frozen-lockfile',
    script: (name) => `pnpm run ${name}`,
    scriptIfAny: (name) => `pnpm run --if-present ${name}`,
  })
  return isPinned ? recipe : { ...recipe, remarks: [...recipe.remarks, `${site.path('package.json')} names no packageManager: pnpm is installed in its latest version`] }
}

export const yarn: Recipe = (site) => {
  const isModern = site.has('.yarnrc.yml')
  return node(site, readManifest(site), {
    manager: 'yarn',
    before: isModern ? [run('Turn on Corepack', 'corepack enable')] : [],
    install: isModern ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
    script: (name) => `yarn run ${name}`,
    scriptIfAny: (name) => `npm run ${name} --if-present`,
  })
}

export const bun: Recipe = (site) => {
  const manifest = readManifest(site)
  const version = site.nearest('.bun-version') ?? (manifest?.pinsManager === true ? site.path('package.json') : null)
  return {
    toolchain: 'Bun',
    runsOn: UBUNTU,
    steps: steps(
      uses('Set up Bun', 'oven-sh/setup-bun', version === null ? { 'bun-version': 'latest' } : { 'bun-version-file': version }),
      run('Install packages', 'bun install --frozen-lockfile'),
      ...SCRIPTS.filter(([, name]) => hasScript(manifest, name)).map(([title, name]) => run(title, `bun run ${name}`)),
      !hasScript(manifest, 'test') && site.hasTests && run('Test', 'bun test'),
    ),
    remarks: version === null ? [`${site.path('package.json')} names no packageManager, and there is no .bun-version: Bun is installed in its latest version`] : [],
  }
}

interface Commands {
  readonly manager: string
  readonly before: readonly RecipeStep[]
  readonly install: string
  readonly script: (name: string) => string
  readonly scriptIfAny: (name: string) => string
}

function node(site: Site, manifest: Manifest | null, { manager, before, install, script, scriptIfAny }: Commands): JobRecipe {
  const version = site.nearest('.nvmrc', '.node-version', '.tool-versions')
  const lock = site.project.lockFile
  const commands = SCRIPTS.filter(([, name]) => manifest === null || hasScript(manifest, name))
  const hasTest = manifest === null || hasScript(manifest, 'test')
  return {
    toolchain: 'Node.js',
    runsOn: UBUNTU,
    steps: steps(
      ...before,
      uses('Set up Node.js', 'actions/setup-node', {
        ...(version === null ? { 'node-version': 'lts/*' } : { 'node-version-file': version }),
        cache: manager,
        'cache-dependency-path': lock,
      }),
      run('Install packages', install),
      ...commands.map(([title, name]) => run(title, manifest === null ? scriptIfAny(name) : script(name))),
    ),
    remarks: hasTest || !site.hasTests ? [] : [`${site.path('package.json')} has no script "test", so the tests of ${site.project.folder || 'the repository'} are not run`],
  }
}

/** Null when there is none, or when it is no JSON object. */
function readManifest(site: Site): Manifest | null {
  const text = site.read('package.json')
  if (text === null) return null
  try {
    const value = JSON.parse(text) as { readonly scripts?: unknown; readonly packageManager?: unknown } | null
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const scripts = typeof value.scripts === 'object' && value.scripts !== null ? (value.scripts as Record<string, unknown>) : {}
    return { scripts, pinsManager: typeof value.packageManager === 'string' }
  } catch {
    return null
  }
}

function hasScript(manifest: Manifest | null, name: string): boolean {
  const script = manifest !== null && Object.hasOwn(manifest.scripts, name) ? manifest.scripts[name] : null
  return typeof script === 'string' && !script.includes(PLACEHOLDER)
}
