// What the commands of a `run` step need. A program of the repository could do anything with a token that it holds, so it is
// known only where no token is in reach, or where its name says that it builds or tests.
import type { Command } from '../shell/commands.ts'
import type { Step } from '../workflow/step.ts'
import type { TokenNeeds } from './needs.ts'
import { commandsIn } from '../shell/commands.ts'
import { scriptOf } from '../shell/script.ts'
import { shellOf } from '../shell/step-shell.ts'
import { shorten } from '../shorten.ts'
import { curlNeeds, ghCommandNeeds } from './api-needs.ts'
import { addNeeds, because, needsOf, NO_NEEDS, unknownNeeds } from './needs.ts'
import { isPlainPowerShell, programsOf } from './powershell-programs.ts'
import { hasGitCredentials, holdsToken, isOtherToken, variableOf } from './token-access.ts'

/** A program, its command and what that is told. */
const MOST_WORDS = 3
/** In characters; longer ones are not written by people. */
const MAX_SCRIPT = 65_536

/** Programs that never speak to GitHub by themselves. */
const HARMLESS = new Set((
  'echo printf cd ls cat mkdir rmdir rm cp mv ln touch chmod chown pwd test [ [[ true false : exit return set unset export local declare read sleep wait pushd popd ' +
  'date env printenv which type source . eval trap shift shopt ulimit grep egrep rg sed awk cut tr sort uniq head tail wc find xargs tee diff cmp jq yq base64 seq ' +
  'sha256sum shasum md5sum tar zip unzip 7z gzip gunzip xz df du free uname id whoami hostname ps kill pkill nproc apt apt-get brew choco dpkg snap service systemctl ' +
  'update-alternatives sw_vers xcrun xcode-select xcodebuild swift nvm opam dune ocamlformat cabal stack mix dart flutter zig meson bats ffmpeg openssl gpg protoc buf ' +
  'python python3 pip pip3 pipx uv uvx poetry pdm hatch pytest ruff mypy pyright black isort flake8 pylint codespell coverage pre-commit conda mamba micromamba ' +
  'node corepack tsc eslint prettier vitest jest playwright cargo rustc rustfmt rustup wasm-pack taplo go gofmt golangci-lint staticcheck javac java dotnet ruby bundle rspec gem ' +
  'php phpunit cmake ctest ninja gcc g++ clang kubectl kind minikube terraform tofu tflint shellcheck shfmt hadolint yamllint actionlint zizmor sqlite3 psql mysql redis-cli perl'
).split(' '))
/** Tools of languages that also run programs of the repository. */
const INTERPRETERS = /^(?:python3?|node|java|ruby|php|perl|go|cargo|dotnet|uvx?|poetry|pdm|hatch|pipx|bundle|swift|dart|mix|stack|cabal)$/
/** Programs that run what the repository defines: known by the name of the task. */
const TASK_RUNNERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'npx', 'make', 'task', 'just', 'nx', 'turbo', 'rake', 'tox', 'nox', 'composer', 'mvn', './mvnw', 'gradle', './gradlew', 'deno', 'sbt', 'bazel'])
const PACKAGE_COMMANDS = /^(?:ci|i|install|add|update|up|cache|config|audit|ls|list|view|info|why|prune|rebuild|pack|dedupe|fetch|version|-v|--version|set|store|playwright)$/
const TASK_WORDS = /^(?:test|tests|t|lint|build|compile|check|verify|validate|format|fmt|fix|typecheck|types?|tsc|coverage|docs?|clean|bootstrap|generate|gen|codegen|unit|integration|e2e|all|dist|package|assemble|bundle|start|dev|serve|eslint|prettier|vitest|jest|mocha|playwright|cypress)(?:[:_.-][a-z0-9]+)*$/
const PUBLISHING = /publish|release|deploy|upload|push|tag|bump/i
/** Flags of task runners that take a word with them. */
const FLAGS_WITH_VALUE = new Set(['--filter', '-F', '-C', '--dir', '--prefix', '--workspace', '-w', '-f', '-p', '--project'])

/** What the step's script needs. */
export function runNeeds(step: Step): TokenNeeds {
  if (step.run === null) return NO_NEEDS
  const reach = { isHeld: holdsToken(step), hasCredentials: hasGitCredentials(step) }
  const idToken = step.run.text.includes('ACTIONS_ID_TOKEN_REQUEST') ? needsOf({ 'id-token': 'write' }) : NO_NEEDS
  if (!reach.isHeld && !reach.hasCredentials) return idToken
  if (step.run.text.length > MAX_SCRIPT) return unknownNeeds('a very long script')
  const shell = shellOf(step)
  if (shell === 'python' || shell === 'cmd' || shell === 'other') return unknownNeeds(`a ${shell === 'other' ? '' : `${shell} `}script`)
  const script = scriptOf(step.file.text, step.run).text
  if ((shell === 'pwsh' || shell === 'powershell') && !isPlainPowerShell(script, reach)) return unknownNeeds('a PowerShell script')
  const commands = commandsIn(shell === 'pwsh' || shell === 'powershell' ? programsOf(script) : script)
  return addNeeds([idToken, ...commands.map((command) => because(nameOf(command), commandNeeds(command, step, reach)))])
}

/** A program and what it is told to do: `gh pr comment`. */
function nameOf({ words }: Command): string {
  return shorten(words.slice(0, MOST_WORDS).map(({ text }) => text).filter((text) => !text.startsWith('-')).join(' '))
}

interface Reach {
  /** As a variable or in the script. */
  readonly isHeld: boolean
  /** For git, from a checkout. */
  readonly hasCredentials: boolean
}

function commandNeeds({ words }: Command, step: Step, reach: Reach): TokenNeeds {
  const [program, ...rest] = words
  const name = program?.text ?? ''
  switch (name) {
    case 'git': return gitNeeds(rest.map(({ text }) => text))
    case 'gh': {
      const token = variableOf(step, 'GH_TOKEN') ?? variableOf(step, 'GITHUB_TOKEN') ?? ''
      return !reach.isHeld || isOtherToken(token) ? NO_NEEDS : ghCommandNeeds(rest)
    }
    case 'curl': case 'wget': return reach.isHeld ? curlNeeds(rest) : NO_NEEDS
    case 'docker': case 'helm': return reach.isHeld && rest.some(({ text }) => text.includes('ghcr.io')) ? needsOf({ packages: 'write' }) : NO_NEEDS
  }
  const task = rest.map(({ text }) => text)
  if (TASK_RUNNERS.has(name) ? isBuildTask(name, task) && !reach.isHeld : isHarmless(name, task, reach)) return NO_NEEDS
  return unknownNeeds(`'${[name, ...task].join(' ').slice(0, 40)}'`)
}

/** `npm ci`, `npm run lint -- --fix`, `make build test`: package managers by their command, tasks by their name. */
function isBuildTask(program: string, words: readonly string[]): boolean {
  const plain = words.filter((word, index) => !word.startsWith('-') && !word.includes('=') && !FLAGS_WITH_VALUE.has(words[index - 1] ?? ''))
  if (program === 'make' || program === 'just' || program === 'task') return plain.every((word) => TASK_WORDS.test(word) && !PUBLISHING.test(word))
  const [command = words[0] ?? 'install', task = ''] = plain
  if (PACKAGE_COMMANDS.test(command)) return true
  const name = /^(?:run|run-script|exec|x|dlx)$/.test(command) ? task : command
  return TASK_WORDS.test(name) && !PUBLISHING.test(name)
}

/** A tool that holds the token itself may still use it; the plain ones of the shell never do. */
function isHarmless(name: string, words: readonly string[], reach: Reach): boolean {
  if (!HARMLESS.has(name)) return false
  if (/^(?:source|\.|eval|xargs|find)$/.test(name)) return !words.some((word) => /gh|git|curl|\.sh$/.test(word))
  if (!INTERPRETERS.test(name)) return true
  return !reach.isHeld && !words.slice(0, 2).some((word) => !word.startsWith('-') && PUBLISHING.test(word))
}

function gitNeeds(words: readonly string[]): TokenNeeds {
  const command = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '-C' && words[index - 1] !== '-c')
  switch (command) {
    case 'push': return needsOf({ contents: 'write' })
    case 'fetch': case 'pull': case 'clone': case 'ls-remote': case 'submodule': case 'lfs': case 'remote': return needsOf({ contents: 'read' })
    default: return NO_NEEDS
  }
}
