// What the commands of a `run` step need. A program of the repository could do anything with a token that it holds, so it is
// known only where no token is in reach, or where its name says that it builds or tests.
import type { Command } from '../shell/commands.ts'
import type { Step } from '../workflow/step.ts'
import type { TokenNeeds } from './needs.ts'
import { commandsIn } from '../shell/commands.ts'
import { scriptOf } from '../shell/script.ts'
import { shellOf } from '../shell/step-shell.ts'
import { curlNeeds, ghCommandNeeds } from './api-needs.ts'
import { addNeeds, needsOf, NO_NEEDS, unknownNeeds } from './needs.ts'
import { hasGitCredentials, holdsToken, isOtherToken, variableOf } from './token-access.ts'

/** Programs that never speak to GitHub by themselves. */
const HARMLESS = new Set((
  'echo printf cd ls cat mkdir rmdir rm cp mv ln touch chmod chown pwd test [ [[ true false exit return set unset export local declare read sleep wait ' +
  'date env printenv which type source . eval trap shift grep egrep sed awk cut tr sort uniq head tail wc find xargs tee diff cmp jq yq base64 ' +
  'sha256sum shasum md5sum tar zip unzip gzip gunzip xz df du uname id whoami hostname ps kill pkill nproc apt apt-get brew choco dpkg snap ' +
  'update-alternatives python python3 pip pip3 pipx uv poetry tox nox pytest ruff mypy black flake8 coverage node corepack tsc eslint prettier vitest jest ' +
  'playwright cargo rustc rustup go gofmt golangci-lint javac java mvn ./mvnw gradle ./gradlew dotnet ruby bundle rake rspec gem php composer phpunit ' +
  'cmake ctest ninja gcc g++ clang make docker docker-compose kubectl helm terraform tofu shellcheck hadolint actionlint zizmor sqlite3 psql mysql redis-cli ' +
  'Write-Host Write-Output Get-ChildItem New-Item Remove-Item Copy-Item Set-Location'
).split(' '))
/** Programs that run what the repository defines: known by the name of the task. */
const TASK_RUNNERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'npx', 'make', 'task', 'just', 'nx', 'turbo', 'rake', 'tox', 'nox', 'composer', 'mvn', './mvnw', 'gradle', './gradlew', 'deno'])
const TASK_WORDS = /^(?:ci|i|install|add|test|tests|t|run|exec|lint|build|compile|check|verify|format|fmt|typecheck|types?|coverage|docs?|clean|audit|ls|version|prune|rebuild|unit|integration|e2e|all|dist|package|assemble|bundle|tsc|eslint|prettier|vitest|jest|--?[\w=.-]+)(?:[:_-](?:ci|test|tests|unit|integration|e2e|lint|build|check|all|types?|coverage|docs?|fix|dev|prod|js|ts|web|browser|node))*$/
const PUBLISHING = /publish|release|deploy|upload|push|tag|bump/i

/** What the step's script needs. */
export function runNeeds(step: Step): TokenNeeds {
  if (step.run === null) return NO_NEEDS
  const reach = { isHeld: holdsToken(step), hasCredentials: hasGitCredentials(step) }
  const idToken = step.run.text.includes('ACTIONS_ID_TOKEN_REQUEST') ? needsOf({ 'id-token': 'write' }) : NO_NEEDS
  if (!reach.isHeld && !reach.hasCredentials) return idToken
  const shell = shellOf(step)
  if (shell === 'python' || shell === 'cmd' || shell === 'other') return unknownNeeds(`a ${shell === 'other' ? '' : `${shell} `}script`)
  const commands = commandsIn(scriptOf(step.file.text, step.run).text)
  return addNeeds([idToken, ...commands.map((command) => commandNeeds(command, step, reach))])
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
  if (TASK_RUNNERS.has(name) ? isBuildTask(task) && !reach.isHeld : isHarmless(name, task, reach)) return NO_NEEDS
  return unknownNeeds(`'${[name, ...task].join(' ').slice(0, 40)}'`)
}

function isBuildTask(words: readonly string[]): boolean {
  return words.every((word) => TASK_WORDS.test(word) || /^[./]/.test(word)) && !words.some((word) => PUBLISHING.test(word))
}

/** A tool that holds the token itself may still use it; the plain ones of the shell never do. */
function isHarmless(name: string, words: readonly string[], reach: Reach): boolean {
  if (!HARMLESS.has(name)) return false
  if (/^(?:source|\.|eval|xargs|find)$/.test(name)) return !words.some((word) => /gh|git|curl|\.sh$/.test(word))
  if (/^(?:python3?|node|java|ruby|php|go|cargo|dotnet|uv|poetry|pipx|bundle)$/.test(name)) return !reach.isHeld && !words.some((word) => PUBLISHING.test(word))
  return true
}

function gitNeeds(words: readonly string[]): TokenNeeds {
  const command = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '-C' && words[index - 1] !== '-c')
  switch (command) {
    case 'push': return needsOf({ contents: 'write' })
    case 'fetch': case 'pull': case 'clone': case 'ls-remote': case 'submodule': case 'lfs': case 'remote': return needsOf({ contents: 'read' })
    default: return NO_NEEDS
  }
}
