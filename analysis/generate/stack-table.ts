// What the names of files say about a project: languages, package managers, lock files, the usual command for its tests.
// From the documentation of each package manager and of Dependabot's supported ecosystems, as of 2026-11-24.

export const LANGUAGES = ['javascript', 'python', 'go', 'rust', 'java', 'ruby', 'php', 'csharp', 'swift', 'elixir', 'dart', 'c'] as const
export type Language = (typeof LANGUAGES)[number]

/** Sources and tests of a language, by path. Unit tests that stand inside sources (Rust) are not seen. */
export const LANGUAGE_FILES: Readonly<Record<Language, { readonly source: RegExp; readonly test: RegExp | null }>> = {
  javascript: { source: /\.[cm]?[jt]sx?$/, test: /(?:^|\/)(?:__tests__|tests?)\/(?:.*\/)?[^/]+\.[cm]?[jt]sx?$|\.(?:test|spec)\.[cm]?[jt]sx?$/ },
  python: { source: /\.py$/, test: /(?:^|\/)test_[^/]+\.py$|_test\.py$/ },
  go: { source: /\.go$/, test: /_test\.go$/ },
  rust: { source: /\.rs$/, test: /(?:^|\/)tests\/[^/]+\.rs$/ },
  java: { source: /\.(?:java|kt)$/, test: /(?:^|\/)src\/\w*[tT]est\/.*\.(?:java|kt|groovy)$/ },
  ruby: { source: /\.rb$/, test: /_(?:spec|test)\.rb$|(?:^|\/)test_[^/]+\.rb$/ },
  php: { source: /\.php$/, test: /(?:^|\/)tests?\/.*Test\.php$/i },
  csharp: { source: /\.cs$/, test: /Tests?\.cs$|\.(?:Unit)?Tests?\/.*\.cs$/ },
  swift: { source: /\.swift$/, test: /(?:^|\/)Tests\/.*\.swift$/ },
  elixir: { source: /\.exs?$/, test: /_test\.exs$/ },
  dart: { source: /\.dart$/, test: /_test\.dart$/ },
  c: { source: /\.(?:c|cc|cpp|cxx)$/, test: null },
}

/** Dependabot's name for what one of its entries watches. */
export type Ecosystem =
  | 'bundler' | 'bun' | 'cargo' | 'composer' | 'docker' | 'github-actions' | 'gomod' | 'gradle' | 'maven' | 'mix' | 'npm' | 'nuget' | 'pip' | 'pub'
  | 'swift' | 'terraform' | 'uv'

export interface ManagerFiles {
  readonly ecosystem: Ecosystem
  /** Other entries that watch the same files. */
  readonly alsoWatchedBy: readonly string[]
  readonly language: Language | null
  readonly manager: string
  /** Names its dependencies: there is something to update. */
  readonly lists: RegExp
  /** Fixes every version; null where the manager has no such file. */
  readonly lock: RegExp | null
}

const file = (names: string): RegExp => new RegExp(`(?:^|/)(?:${names})$`)

/** More specific managers first: of two that share a folder and a language the first one speaks. */
export const MANAGERS: readonly ManagerFiles[] = [
  { ecosystem: 'bun', alsoWatchedBy: ['npm'], language: 'javascript', manager: 'bun', lists: file('bun\\.lockb?'), lock: file('bun\\.lockb?') },
  { ecosystem: 'npm', alsoWatchedBy: [], language: 'javascript', manager: 'pnpm', lists: file('pnpm-lock\\.yaml'), lock: file('pnpm-lock\\.yaml') },
  { ecosystem: 'npm', alsoWatchedBy: [], language: 'javascript', manager: 'yarn', lists: file('yarn\\.lock'), lock: file('yarn\\.lock') },
  { ecosystem: 'npm', alsoWatchedBy: [], language: 'javascript', manager: 'npm', lists: file('package-lock\\.json|npm-shrinkwrap\\.json'), lock: file('package-lock\\.json|npm-shrinkwrap\\.json') },
  { ecosystem: 'uv', alsoWatchedBy: ['pip'], language: 'python', manager: 'uv', lists: file('uv\\.lock'), lock: file('uv\\.lock') },
  { ecosystem: 'pip', alsoWatchedBy: ['uv'], language: 'python', manager: 'poetry', lists: file('poetry\\.lock'), lock: file('poetry\\.lock') },
  { ecosystem: 'pip', alsoWatchedBy: ['uv'], language: 'python', manager: 'pipenv', lists: file('Pipfile'), lock: file('Pipfile\\.lock') },
  { ecosystem: 'pip', alsoWatchedBy: ['uv'], language: 'python', manager: 'pip', lists: file('requirements[\\w.-]*\\.txt'), lock: null },
  { ecosystem: 'gomod', alsoWatchedBy: [], language: 'go', manager: 'go', lists: file('go\\.sum'), lock: file('go\\.sum') },
  { ecosystem: 'cargo', alsoWatchedBy: [], language: 'rust', manager: 'cargo', lists: file('Cargo\\.toml'), lock: file('Cargo\\.lock') },
  { ecosystem: 'maven', alsoWatchedBy: [], language: 'java', manager: 'maven', lists: file('pom\\.xml'), lock: null },
  { ecosystem: 'gradle', alsoWatchedBy: [], language: 'java', manager: 'gradle', lists: file('build\\.gradle(?:\\.kts)?'), lock: file('gradle\\.lockfile') },
  { ecosystem: 'bundler', alsoWatchedBy: [], language: 'ruby', manager: 'bundler', lists: file('Gemfile'), lock: file('Gemfile\\.lock') },
  { ecosystem: 'composer', alsoWatchedBy: [], language: 'php', manager: 'composer', lists: file('composer\\.json'), lock: file('composer\\.lock') },
  { ecosystem: 'nuget', alsoWatchedBy: [], language: 'csharp', manager: 'dotnet', lists: /\.(?:cs|fs|vb)proj$/, lock: file('packages\\.lock\\.json') },
  { ecosystem: 'swift', alsoWatchedBy: [], language: 'swift', manager: 'swift', lists: file('Package\\.resolved'), lock: file('Package\\.resolved') },
  { ecosystem: 'mix', alsoWatchedBy: [], language: 'elixir', manager: 'mix', lists: file('mix\\.lock'), lock: file('mix\\.lock') },
  { ecosystem: 'pub', alsoWatchedBy: [], language: 'dart', manager: 'dart', lists: file('pubspec\\.yaml'), lock: file('pubspec\\.lock') },
  { ecosystem: 'docker', alsoWatchedBy: [], language: null, manager: 'docker', lists: file('Dockerfile'), lock: null },
  { ecosystem: 'terraform', alsoWatchedBy: ['opentofu'], language: null, manager: 'terraform', lists: file('\\.terraform\\.lock\\.hcl'), lock: file('\\.terraform\\.lock\\.hcl') },
]

/** What a repository can be called by the manifests in it, those that list nothing included; the policy chooses golden workflows by it. */
export const KINDS: readonly (readonly [kind: string, manifest: RegExp])[] = [
  ['node', file('package\\.json')],
  ['python', file('pyproject\\.toml|requirements\\.txt|setup\\.py|setup\\.cfg')],
  ['go', file('go\\.mod')],
  ['rust', file('Cargo\\.toml')],
  ['java', file('pom\\.xml|build\\.gradle(?:\\.kts)?')],
  ['ruby', file('Gemfile')],
  ['php', file('composer\\.json')],
  ['dotnet', /\.(?:csproj|fsproj|sln)$/],
  ['docker', file('Dockerfile|Containerfile')],
  ['terraform', /\.tf$/],
]

/** Folders whose manifests belong to no project of this repository: copies of others' code, inputs of tests, examples, documentation. */
export const FOREIGN_FOLDER = /(?:^|\/)(?:node_modules|vendor|vendored|third[_-]?party|external|testdata|[\w-]*fixtures?[\w-]*|__[\w-]+__|tests?|specs?|e2e|integration[\w-]*|examples?|samples?|demos?|playgrounds?|templates?|docs?|website|bench(?:es|marks?)?|fuzz)\//i

/** Copies of others' code, and inputs of tests: no test in there is the project's own. */
export const COPIED_FOLDER = /(?:^|\/)(?:node_modules|vendor|vendored|third[_-]?party|external|testdata|[\w-]*fixtures?[\w-]*|templates?)\//i
