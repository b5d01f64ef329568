// A fleet that was copied and went its own ways: five pipelines, each in eight variants, of which three are only written otherwise and
// five have drifted in ways that the generator knows.
import type { Severity } from '../../analysis/finding.ts'

export interface SeededRepository {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** The rules that have something to say. */
  readonly drifts: readonly Drift['ruleId'][]
  readonly severity: Severity | null
}

interface Drift {
  readonly ruleId: 'retired-runner-image' | 'deprecated-command' | 'debug-enabled' | 'missing-permissions' | 'script-injection'
  readonly severity: Severity
  readonly seed: (text: string) => string
}

const PATH = '.github/workflows/ci.yml'

/** Each name is a job, each list its commands. */
const PIPELINES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  node: { test: ['npm ci', 'npm test'], lint: ['npm ci', 'npm run lint'] },
  go: { test: ['go vet ./...', 'go test ./...'] },
  python: { test: ['python -m pip install --require-hashes -r requirements.txt', 'python -m pytest'], types: ['python -m mypy .'] },
  rust: { test: ['cargo test --locked'], lint: ['cargo clippy --locked'], format: ['cargo fmt --check'] },
  docs: { build: ['make docs'], links: ['make check-links'] },
}

const job = (name: string, commands: readonly string[]): string =>
  `  ${name}:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 10\n    steps:\n${commands.map((command) => `      - run: ${command}\n`).join('')}`

const pipeline = (jobs: Readonly<Record<string, readonly string[]>>): string =>
  `name: CI\non:\n  push:\n    branches: [main]\n  pull_request:\npermissions:\n  contents: read\nconcurrency:\n  group: ci-\${{ github.ref }}\n  cancel-in-progress: \${{ github.event_name == 'pull_request' }}\njobs:\n${Object.entries(jobs).map(([name, commands]) => job(name, commands)).join('')}`

const once = (from: string, to: string) => (text: string): string => {
  if (!text.includes(from)) throw new Error(`the pipeline has no ${JSON.stringify(from)}`)
  return text.replace(from, to)
}
const lastStep = (command: string) => (text: string): string => `${text}      - run: ${command}\n`

const RETIRED: Drift = { ruleId: 'retired-runner-image', severity: 'high', seed: once('ubuntu-24.04', 'ubuntu-20.04') }
const INJECTED: Drift = { ruleId: 'script-injection', severity: 'high', seed: lastStep('echo "${{ github.event.pull_request.title }}"') }
const COMMAND: Drift = { ruleId: 'deprecated-command', severity: 'medium', seed: lastStep('echo "::set-output name=done::1"') }
const PERMISSIONS: Drift = { ruleId: 'missing-permissions', severity: 'medium', seed: once('permissions:\n  contents: read\n', '') }
const DEBUG: Drift = { ruleId: 'debug-enabled', severity: 'low', seed: once('jobs:\n', 'env:\n  ACTIONS_STEP_DEBUG: true\njobs:\n') }

const VARIANTS: readonly { readonly drifts: readonly Drift[]; readonly write: (text: string) => string }[] = [
  { drifts: [], write: (text) => text },
  { drifts: [], write: (text) => `# Copied from the template.\n${text.replaceAll('ubuntu-24.04', "'ubuntu-24.04'")}` },
  { drifts: [], write: (text) => text.replaceAll('    timeout-minutes: 10\n    steps:\n', '    steps:\n').replaceAll('    runs-on: ubuntu-24.04\n', '    timeout-minutes: 10   # minutes\n    runs-on: ubuntu-24.04\n').replace('branches: [main]', 'branches:\n      - main') },
  { drifts: [RETIRED], write: (text) => text },
  { drifts: [INJECTED, DEBUG], write: (text) => text },
  { drifts: [COMMAND], write: (text) => `# Ours.\n${text}` },
  { drifts: [PERMISSIONS, DEBUG], write: (text) => text },
  { drifts: [DEBUG], write: (text) => text },
]
const GRADES: readonly Severity[] = ['info', 'low', 'medium', 'high']

/** `copies` of each variant: 5 make 200 repositories. Names say pipeline, variant and copy. */
export function generateFleet(copies: number): readonly SeededRepository[] {
  return Object.entries(PIPELINES).flatMap(([kind, jobs]) => VARIANTS.flatMap(({ drifts, write }, variant) => {
    const text = drifts.reduce((drifted, { seed }) => seed(drifted), write(pipeline(jobs)))
    const severity = drifts.map((drift) => drift.severity).sort((a, b) => GRADES.indexOf(b) - GRADES.indexOf(a))[0] ?? null
    return Array.from({ length: copies }, (_, copy) => ({ name: `${kind}-${variant}-${copy}`, files: { [PATH]: text, 'README.md': `${kind}\n` }, drifts: drifts.map(({ ruleId }) => ruleId).sort(), severity }))
  }))
}
