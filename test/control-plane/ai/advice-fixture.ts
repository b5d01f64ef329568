// A drifted workflow as an analysis has it, with findings that have no mechanical fix, and what an advisor makes of it.
import { analyse, type AnalyseInput } from '../../../analysis/analyse.ts'
import { NO_FACTS } from '../../../analysis/fact.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import type { Advised } from '../../../control-plane/ai/advisor.ts'
import { toFixPlan } from '../../../pull-request/fix-plan.ts'
import type { FixPlan } from '../../../pull-request/fix-pull-request.ts'
import { CI_PATH } from '../../pull-request/drifted-workflow.ts'
import type { AiFixture } from './ai-fixture.ts'

export const WORKFLOW = `name: CI
on: [push]
concurrency:
  group: ci-main
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-20.04
    timeout-minutes: 10
    steps:
      - run: echo "::set-output name=version::1"
  lint:
    name: Lint
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make lint
`

export const inputOf = (text = WORKFLOW, path = CI_PATH): AnalyseInput => ({
  files: [{ path, text }], paths: [path], policy: { ...DEFAULT_POLICY, profile: 'pedantic' }, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' },
})

export interface Advising {
  readonly input?: AnalyseInput
  readonly tenantId?: string
  readonly subject?: string
  readonly knownOnly?: boolean
}

export function advise(ai: AiFixture, { input = inputOf(), tenantId = '1@issuer.test', subject = 'analysis-1', knownOnly = false }: Advising = {}): Promise<Advised> {
  const context = { tenantId, actor: 'operator', repositoryId: '7', subject, correlationId: 'c-1', knownOnly, signal: new AbortController().signal }
  return ai.advisor.advise({ input, result: analyse(input), context }, { warn: () => undefined })
}

/** The pull request that would be opened. */
export function pullRequestOf(input: AnalyseInput, advised: Pick<Advised, 'fixes' | 'advice'> | null): FixPlan {
  const plan = planFixes({ input, safety: 'unsafe', accepts: ({ suppressed }) => suppressed === undefined, ...(advised === null ? {} : { given: advised.fixes }) })
  return toFixPlan(plan, { entries: new Map(), defaultBranch: 'main', commit: 'c'.repeat(40), correlationId: 'c-1', analysisUrl: 'http://service.test/v1/analyses/1', modelSummary: advised?.advice.summary ?? null })
}
