// What single steps need of the token.
import { describe, expect, it } from 'vitest'
import { jobNeeds } from '../../../analysis/permissions/job-needs.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { createRepository } from '../../../analysis/workflow/repository.ts'

const CHECKOUT = '- uses: actions/checkout@v7'
const TOKEN = 'env: { GH_TOKEN: "${{ github.token }}" }'

function needs(...steps: readonly string[]): string {
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      ${step.replaceAll('\n', '\n      ')}\n`).join('')}`
  const file = createPipelineFile('.github/workflows/a.yml', text)
  const job = file.workflow?.jobs[0]
  if (job === undefined) throw new Error('no job')
  const { scopes, unknown } = jobNeeds(job, createRepository(new Map([[file.path, text]]), null))
  return [...[...scopes].map(([scope, level]) => `${scope}: ${level}`).sort(), ...unknown.map((what) => `? ${what}`)].join(', ')
}

describe('what a step needs', () => {
  it.each([
    ['an action of the table', [CHECKOUT], 'contents: read'],
    ['an action that holds no token', ['- uses: actions/cache@v6'], ''],
    ['an action that nobody knows', ['- uses: someone/something@v1'], '? someone/something'],
    ['an action with a token of its own', ['- uses: softprops/action-gh-release@v3\n  with: { token: "${{ secrets.PAT }}" }'], ''],
    ['an input that asks for more', ['- uses: golangci/golangci-lint-action@v9\n  with: { only-new-issues: true }'], 'contents: read, pull-requests: read'],
    ['a gh command', [`- run: gh issue close 1\n  ${TOKEN}`], 'issues: write'],
    ['a gh command without a token', ['- run: gh issue close 1'], ''],
    ['a gh command that nobody knows', [`- run: gh frobnicate all\n  ${TOKEN}`], '? gh frobnicate all'],
    ['a call', [`- run: gh api -X DELETE repos/o/r/git/refs/heads/x\n  ${TOKEN}`], 'contents: write'],
    ['a push with the credentials of a checkout', [CHECKOUT, '- run: git push'], 'contents: write'],
    ['a script of the repository within reach of credentials', [CHECKOUT, '- run: ./deploy.sh'], "contents: read, ? './deploy.sh'"],
    ['a script of the repository without', [`${CHECKOUT}\n  with: { persist-credentials: false }`, '- run: ./deploy.sh'], 'contents: read'],
    ['tasks that build and test', [CHECKOUT, '- run: npm ci && npm run build && make test'], 'contents: read'],
    ['a task that publishes', [CHECKOUT, '- run: npm run release'], "contents: read, ? 'npm run release'"],
    ['a push to the registry', ['- uses: docker/login-action@v4\n  with: { registry: ghcr.io, password: "${{ github.token }}" }'], 'packages: write'],
    ['an identity', ['- run: curl "$ACTIONS_ID_TOKEN_REQUEST_URL"'], 'id-token: write'],
  ])('is known for %s', (_, steps, expected) => {
    expect(needs(...steps)).toBe(expected)
  })
})
