// Workflows that look for what is insecure: CodeQL over the code, a review of new dependencies, OpenSSF Scorecard.
// Languages and how their databases are built: docs.github.com, "About CodeQL code scanning for compiled languages", as of 2026-11-24.
import type { Language } from './stack-table.ts'
import type { Pin } from './workflow-parts.ts'
import { UBUNTU } from './recipe.ts'
import { workflowHead } from './workflow-parts.ts'

/** Without PHP, Elixir and Dart, which CodeQL does not read, and Swift, which needs runners of macOS and a build that works. */
const CODEQL: Readonly<Partial<Record<Language, { readonly name: string; readonly build: 'none' | 'autobuild' }>>> = {
  javascript: { name: 'javascript-typescript', build: 'none' },
  python: { name: 'python', build: 'none' },
  go: { name: 'go', build: 'autobuild' },
  rust: { name: 'rust', build: 'none' },
  java: { name: 'java-kotlin', build: 'none' },
  ruby: { name: 'ruby', build: 'none' },
  csharp: { name: 'csharp', build: 'none' },
  c: { name: 'c-cpp', build: 'none' },
}
/** Once a week, at no full hour, when runners are scarce. */
const WEEKLY = ['schedule:', "  - cron: '23 4 * * 1'"]

interface Surroundings {
  /** The default branch; null when it is not known: then pushes are not looked at. */
  readonly branch: string | null
  readonly pin: Pin
}

export const CODEQL_WORKFLOW = { path: '.github/workflows/codeql.yml', name: 'CodeQL' } as const
export const DEPENDENCY_WORKFLOW = { path: '.github/workflows/dependency-review.yml', name: 'Dependency review' } as const
export const SCORECARD_WORKFLOW = { path: '.github/workflows/scorecard.yml', name: 'Scorecard' } as const

export interface CodeToAnalyse {
  readonly languages: readonly Language[]
  readonly paths: ReadonlySet<string>
}

/** Null where there is a language that it would leave out. Ends with a line break, as the others do. */
export function codeqlWorkflow({ languages, paths }: CodeToAnalyse, { branch, pin }: Surroundings): string | null {
  const databases = languages.map((language) => CODEQL[language])
  if (databases.includes(undefined)) return null
  // Kotlin is only analysed where it is built, and Java then with it.
  const hasKotlin = [...paths].some((path) => path.endsWith('.kt'))
  const entries = databases.map((database) => `          - language: ${database?.name}\n            build-mode: ${database?.name === 'java-kotlin' && hasKotlin ? 'autobuild' : database?.build}\n`)
  return `${workflowHead({ name: CODEQL_WORKFLOW.name, events: ['pull_request:', ...WEEKLY], branch })}  analyze:
    name: Analyze \${{ matrix.language }}
    runs-on: ${UBUNTU}
    timeout-minutes: 60
    permissions:
      actions: read # for private repositories
      contents: read
      security-events: write # to upload the results
    strategy:
      fail-fast: false
      matrix:
        include:
${entries.join('')}    steps:
${checkOut(pin)}      - name: Set up CodeQL
        uses: ${pin('github/codeql-action/init')}
        with:
          languages: \${{ matrix.language }}
          build-mode: \${{ matrix.build-mode }}
      - name: Analyze
        uses: ${pin('github/codeql-action/analyze')}
        with:
          category: /language:\${{ matrix.language }}
`
}

export const dependencyWorkflow = (pin: Pin): string => `${workflowHead({ name: DEPENDENCY_WORKFLOW.name, branch: null })}  review:
    name: Review new dependencies
    runs-on: ${UBUNTU}
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
${checkOut(pin)}      - name: Review
        uses: ${pin('actions/dependency-review-action')}
`

/** Publishes nothing: its results go to the repository's own alerts. */
export const scorecardWorkflow = ({ branch, pin }: Surroundings): string => `${workflowHead({ name: SCORECARD_WORKFLOW.name, events: ['branch_protection_rule:', ...WEEKLY], branch })}  scorecard:
    name: Scorecard
    runs-on: ${UBUNTU}
    timeout-minutes: 30
    permissions:
      actions: read # for private repositories
      contents: read
      security-events: write # to upload the results
    steps:
${checkOut(pin)}      - name: Judge the repository
        uses: ${pin('ossf/scorecard-action')}
        with:
          results_file: results.sarif
          results_format: sarif
          publish_results: false
      - name: Upload the results
        uses: ${pin('github/codeql-action/upload-sarif')}
        with:
          sarif_file: results.sarif
`

const checkOut = (pin: Pin): string => `      - name: Check out
        uses: ${pin('actions/checkout')}
        with:
          persist-credentials: false
`
