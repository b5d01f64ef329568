// Jobs for projects of npm, pnpm, Yarn and Bun. Runs the scripts that package.json has; without its text, those that are there.
import type { JobRecipe, Recipe, RecipeStep, Site } from './recipe.ts'
import { run, steps, UBUNTU, uses } from './recipe.ts'

const SCRIPTS = [['Lint', 'lint'], ['Check types', 'typecheck'], ['Build', 'build'], ['Test', 'test']] as const
/** What `npm init` writes where there is no test. */
const PLACEHOLDER = 'no test specified'

interface Manifest {
  readonly scripts: Readonly<Record<string, unknown>>
  /** `pnpm@10.0.0`; null where none is named. */
  readonly packageManager: string | null
  readonly hasDependencies: boolean
}

export const npm: Recipe = (site) => {
  const manifest = readManifest(site)
  const isLocked = site.project.lockFile !== null
  const other = manifest?.packageManager?.startsWith('npm@') === false ? manifest.packageManager : null
  if (!isLocked && other !== null) return { reason: `it names ${other.slice(0, 40)} and there is no lock file of it; commit one` }
  const recipe = node(site, manifest, {
    manager: 'npm',
    before: [],
    install: isLocked ? 'npm ci' : manifest?.hasDependencies === false ? null : 'npm install --no-package-lock',
    script: (name) => `npm run ${name}`,
    scriptIfAny: (name) => `npm run ${name} --if-present`,
  })
  if (isLocked || manifest?.hasDependencies === false) return recipe
  return { ...recipe, remarks: [...recipe.remarks, `${site.path('package.json')} has no lock file: each run installs the newest versions that it allows; commit one`] }
}

export const pnpm: Recipe = (site) => {
  const manifest = readManifest(site)
  const isPinned = isPinnedBy(manifest)
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
  const version = site.nearest('.bun-version') ?? (isPinnedBy(manifest) ? site.path('package.json') : null)
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
  /** Null where there is nothing to install. */
  readonly install: string | null
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
        // Without a lock file a cache has no key, and the action fails.
        ...(lock === null ? { 'package-manager-cache': 'false' } : { cache: manager, 'cache-dependency-path': lock }),
      }),
      install !== null && run('Install packages', install),
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
    const value = JSON.parse(text) as { readonly scripts?: unknown; readonly packageManager?: unknown; readonly dependencies?: unknown; readonly devDependencies?: unknown } | null
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const scripts = typeof value.scripts === 'object' && value.scripts !== null ? (value.scripts as Record<string, unknown>) : {}
    return { scripts, packageManager: typeof value.packageManager === 'string' ? value.packageManager : null, hasDependencies: value.dependencies !== undefined || value.devDependencies !== undefined }
  } catch {
    return null
  }
}

const isPinnedBy = (manifest: Manifest | null): boolean => typeof manifest?.packageManager === 'string'

function hasScript(manifest: Manifest | null, name: string): boolean {
  const script = manifest !== null && Object.hasOwn(manifest.scripts, name) ? manifest.scripts[name] : null
  return typeof script === 'string' && !script.includes(PLACEHOLDER)
}
