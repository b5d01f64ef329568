// Steps that run what lies in the workspace: builds, tests, scripts and local actions. What a program does with files that it
// only reads is not known here; programs that no list names are not counted.
import type { Command } from '../shell/commands.ts'
import type { Step } from './step.ts'
import { executesWorkspace } from '../data/executing-actions.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { localPath } from './local-target.ts'
import { inputOf } from './step-input.ts'

/** Programs that run the project's own code or the commands in its configuration. */
const BUILDERS: ReadonlySet<string> = new Set((
  'make cmake ninja asv gomplate mdformat mypy pylint sonar-scanner ant sbt gradle gradlew mvn mvnw bazel bazelisk tox nox pytest hatch rake rspec composer phpunit phpstan dotnet msbuild nuget flutter dart pub docker-compose ' +
  'terraform tofu terragrunt pulumi ansible-playbook pre-commit eslint prettier stylelint jest vitest mocha ava webpack vite rollup rubocop mkdocs sphinx-build jekyll goreleaser ' +
  'golangci-lint checkov mix rebar3 lein stack cabal just task nx turbo lerna earthly gulp grunt npx bunx yarn pnpm bun lake swift xcodebuild fastlane pod phpcs psalm tflint cdk sam serverless conan meson scons jupyter quarto'
).split(' '))
/** Programs of which only some commands run code. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:$|ci|i|install|install-test|it|t|tst|test|run|run-script|rum|start|stop|restart|exec|x|build|pack|publish|rebuild|clean-install|init)$/,
  cargo: /^(?:build|b|test|t|run|r|bench|check|c|clippy|doc|install|publish|package|nextest|fix|xtask|tarpaulin|llvm-cov)$/,
  go: /^(?:run|test|generate|tool)$/,
  poetry: /^(?:install|run|build|publish)$/, pdm: /^(?:install|run|build|sync)$/, pipenv: /^(?:install|run|sync)$/, uv: /^(?:run|sync|build|pip)$/,
  bundle: /^(?:$|install|exec|update)$/, gem: /^(?:build|install)$/,
  docker: /^(?:build|buildx|compose|bake)$/, podman: /^(?:build|compose)$/, buildah: /^(?:bud|build)$/,
  gcloud: /^builds$/, rails: /^(?:test|runner|server|db:|assets:)/, deno: /^(?:task|run|test|bench)$/, php: /\.php$|^artisan$|^bin\//, helm: /^(?:install|upgrade|template)$/,
}
const INTERPRETERS: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh', 'dash', 'fish', 'python', 'python3', 'python2', 'node', 'ruby', 'perl', 'pwsh', 'powershell', 'rscript', 'julia', 'lua', 'source', '.', 'tsx', 'ts-node', 'groovy', 'osascript'])
const ANY = /\S/
const RELATIVE = /^(?:\.{1,2}\/|\$\{?GITHUB_WORKSPACE\}?\/|\.\\)/
const REQUIRED = /\b(?:require|import)\s*\(\s*(?:['"`]\.{1,2}\/|[`'"]\$\{(?:process\.env\.GITHUB_WORKSPACE|\{?\s*github\.workspace)|process\.env\.GITHUB_WORKSPACE|path\.(?:join|resolve)\()/

/** What the step runs of a folder of the workspace ('' for all of it), in words; null when nothing is known to be run. */
export function workspaceCodeOf(step: Step, folder = ''): string | null {
  if (folder !== '' && !mentions(step, folder)) return null
  if (step.uses !== null) return ofAction(step)
  const script = commandsOf(step, ANY)
  const command = script?.commands.find(runsWorkspace)
  return command === undefined ? null : shorten(command.words.map(({ text }) => text).join(' '))
}

function ofAction(step: Step): string | null {
  const { uses } = step
  if (uses === null) return null
  if (uses.form === 'local' && localPath(uses) !== null) return uses.text
  if (executesWorkspace(step)) return uses.name
  return uses.name.toLowerCase() === 'actions/github-script' && REQUIRED.test(inputOf(step, 'script')?.text ?? '') ? 'a module of the workspace' : null
}

function runsWorkspace(command: Command): boolean {
  const program = programOf(command)
  const words = command.words.slice(1)
  const first = words.find(({ text }) => !text.startsWith('-') && !text.startsWith('+'))?.text ?? ''
  const raw = command.words[0]?.text ?? ''
  if (BUILDERS.has(program)) return !words.some(({ text }) => /^(?:--version|-v|--help|version|config|cache)$/.test(text) && text === words[0]?.text)
  const commands = Object.hasOwn(COMMANDS, program) ? COMMANDS[program] : undefined
  if (commands !== undefined) return commands.test(first)
  if (/^pip\d?$/.test(program)) return installsWorkspace(words.map(({ text }) => text))
  if (INTERPRETERS.has(program)) return runsFile(program, words.map(({ text }) => text))
  if (program === 'java') return runsFile(program, words.slice(words.findIndex(({ text }) => text === '-jar') + 1).map(({ text }) => text)) && words.some(({ text }) => text === '-jar')
  if (program === 'sed' || program === 'awk' || program === 'gawk') return words.some(({ text }) => text === '-f' || text.startsWith('--file'))
  if (RELATIVE.test(raw)) return true
  return raw.includes('/') && !/^[/~$]/.test(raw) && !raw.includes('://') && !raw.includes('${{')
}

function installsWorkspace(words: readonly string[]): boolean {
  return words[0] === 'install' && words.some((word) => /^(?:-r|-e|--requirement|--editable|\.|\.\/.*|\.\[.*)$/.test(word) || /^-r\S|^--requirement=/.test(word))
}

function runsFile(program: string, words: readonly string[]): boolean {
  const first = words.find((word) => !/^-[a-z-]/.test(word)) ?? ''
  if (program.startsWith('python') && words.includes('-m')) return /^(?:pytest|build|unittest|tox|nox|pip)$/.test(words[words.indexOf('-m') + 1] ?? '')
  if (words.some((word) => /^-(?:c|e|command|p)$/i.test(word) || /^-[a-z]*c$/.test(word))) return false
  return first !== '' && !/^[/$~]|^<|:\/\//.test(first)
}

/** The folder stands in the step: its working directory, its script, or an input. */
function mentions(step: Step, folder: string): boolean {
  const texts = [step.workingDirectory, step.run, step.uses?.node ?? null, ...(step.with?.pairs ?? []).map(({ value }) => (value.kind === 'scalar' ? value : null))]
  return texts.some((scalar) => scalar?.text.includes(folder) === true) || step.job?.node.pairs.some(({ key }) => key.text === 'defaults') === true
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text)
