// Recognises commands that test, lint or scan: those whose failure is what they are run for.
import type { Command } from './commands.ts'
import { programOf } from './step-commands.ts'

const CHECKERS = new Set((
  'pytest tox nox rspec phpunit ctest jest vitest mocha karma ava bats eslint stylelint flake8 pylint mypy pyright bandit shellcheck hadolint yamllint actionlint zizmor tflint tfsec ' +
  'checkov trivy grype semgrep snyk gosec govulncheck staticcheck golangci-lint pip-audit safety codespell ktlint detekt rubocop brakeman bundler-audit phpstan psalm checkstyle spotbugs ' +
  'swiftlint gitleaks trufflehog conftest opa kube-linter kubeconform markdownlint markdownlint-cli2 htmlhint tsc'
).split(' '))
/** Program -> its first words that check. */
const TASKS: Readonly<Record<string, RegExp>> = {
  go: /^(?:test|vet)$/,
  cargo: /^(?:test|clippy|audit|deny|nextest|check)$/,
  dotnet: /^test$/,
  mvn: /^(?:test|verify|integration-test)$/,
  mvnw: /^(?:test|verify|integration-test)$/,
  gradle: /^(?:test|check|lint\w*)$/,
  gradlew: /^(?:test|check|lint\w*)$/,
  ruff: /^check$/,
  terraform: /^(?:validate|test)$/,
  tofu: /^(?:validate|test)$/,
  mix: /^(?:test|credo|dialyzer)$/,
  swift: /^test$/,
  dart: /^(?:test|analyze)$/,
  flutter: /^(?:test|analyze)$/,
  bazel: /^test$/,
  deno: /^(?:test|lint|check)$/,
  playwright: /^test$/,
  cypress: /^run$/,
  rake: /^(?:test|spec)$/,
  composer: /^(?:test|audit)$/,
  rails: /^test$/,
  helm: /^lint$/,
}
const RUNNERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'make', 'just', 'task', 'invoke', 'nx', 'turbo'])
const TASK_NAME = /^(?:test|tests|lint|check|audit|typecheck|type-check|verify|unit|e2e|integration)(?:[:_-][\w:.-]*)?$/
const LAUNCHERS = new Set(['npx', 'bunx', 'uvx', 'pipx', 'poetry', 'pdm', 'hatch', 'uv', 'bundle', 'xvfb-run', 'env', 'timeout', 'python', 'python3', 'php'])

/** Whether the command tests, lints or scans; `--fix` and help do not count. */
export function isCheck(command: Command): boolean {
  const texts = command.words.map(({ text }) => text)
  if (texts.some((text) => /^--(?:fix|write|help|version)$/.test(text))) return false
  return isCheckCall(programOf(command), texts.slice(1), 0)
}

function isCheckCall(program: string, rest: readonly string[], depth: number): boolean {
  if (CHECKERS.has(program)) return true
  const operands = rest.filter((text) => !text.startsWith('-'))
  const task = Object.hasOwn(TASKS, program) ? TASKS[program] : undefined
  if (task !== undefined) return operands.some((text, index) => (index === 0 || /gradle|mvn/.test(program)) && task.test(text))
  if (RUNNERS.has(program)) {
    const [first = '', second = ''] = operands
    return TASK_NAME.test(first === 'run' || first === 'run-script' ? second : first)
  }
  if (!LAUNCHERS.has(program) || depth > 2) return false
  const next = operands.findIndex((text) => !/^(?:run|exec|-m|\d+[smh]?)$/.test(text) && !/^\w+=/.test(text))
  const [name = '', ...others] = operands.slice(Math.max(next, 0))
  return isCheckCall(name.replace(/^.*\//, '').replace(/@.*$/, ''), others, depth + 1)
}
