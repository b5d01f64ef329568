// Variants of a pipeline and versions of an action across repositories.
import { describe, expect, it } from 'vitest'
import type { FleetRepository, FleetWorkflow } from '../../../analysis/drift/fleet-divergence.ts'
import { divergenceInWords, fleetDivergence } from '../../../analysis/drift/fleet-divergence.ts'
import { workflowFingerprints } from '../../../analysis/drift/workflow-fingerprint.ts'
import { WORKFLOW_PATH } from '../engine-input.ts'
import { GOLDEN } from './golden-text.ts'
import { reformat } from './reformat.ts'

const VARIANTS = [
  GOLDEN,
  GOLDEN.replace('setup-node@v7.1.0', 'setup-node@v6.0.0'),
  GOLDEN.replace('setup-node@v7.1.0', 'setup-node@v5.0.0'),
  GOLDEN.replace('setup-node@v7.1.0', 'setup-node@v6.0.0').replace('timeout-minutes: 15', 'timeout-minutes: 20'),
  GOLDEN.replace('setup-node@v7.1.0', 'setup-node@v5.0.0').replace('    environment: production\n', ''),
]

const workflowsOf = (path: string, text: string, changedAt: string | null): readonly FleetWorkflow[] =>
  workflowFingerprints([{ path, text }]).map((print) => ({ ...print, changedAt }))

/** Repository i has variant i mod 5, in a way of writing of its own. */
const FLEET: readonly FleetRepository[] = Array.from({ length: 40 }, (_, index) => ({
  name: `acme/service-${String(index).padStart(2, '0')}`,
  workflows: workflowsOf(WORKFLOW_PATH, reformat(VARIANTS[index % 5] ?? '', index + 1), null),
}))

describe('fleetDivergence', () => {
  it('counts variants by what they do, not by how they are written', () => {
    const [pipeline] = fleetDivergence(FLEET).pipelines
    expect(pipeline && divergenceInWords(pipeline)).toBe('5 distinct variants in 40 repositories')
    expect(pipeline?.variants.map(({ repositories }) => repositories.length)).toEqual([8, 8, 8, 8, 8])
    expect(pipeline?.variants.filter(({ isNewest }) => isNewest).map(({ repositories }) => repositories[0])).toEqual(['acme/service-00'])
  })

  it('takes the last change where versions do not say which is newer', () => {
    const at = (name: string, text: string, changedAt: string): FleetRepository => ({ name, workflows: workflowsOf(WORKFLOW_PATH, text, changedAt) })
    const longer = GOLDEN.replace('timeout-minutes: 15', 'timeout-minutes: 20')
    const { pipelines } = fleetDivergence([at('a/a', GOLDEN, '2026-01-01T00:00:00Z'), at('a/b', longer, '2026-03-01T00:00:00Z'), at('a/c', GOLDEN, '2026-02-01T00:00:00Z')])
    expect(pipelines[0]?.variants).toMatchObject([
      { repositories: ['a/a', 'a/c'], changedAt: '2026-02-01T00:00:00Z', isNewest: false },
      { repositories: ['a/b'], changedAt: '2026-03-01T00:00:00Z', isNewest: true },
    ])
  })

  it('lists the versions of an action, newest first, with the repositories that use them', () => {
    const { actions } = fleetDivergence(FLEET)
    expect(actions.map(({ action, versions }) => [action, versions.map(({ label, repositories }) => [label, repositories.length])])).toEqual([
      ['actions/setup-node', [['v7.1.0', 8], ['v6.0.0', 16], ['v5.0.0', 16]]],
    ])
  })

  it('gives the same for any order of repositories, and nothing where all are alike', () => {
    expect(fleetDivergence([...FLEET].reverse())).toEqual(fleetDivergence(FLEET))
    expect(fleetDivergence(FLEET.filter((_, index) => index % 5 === 0))).toEqual({ pipelines: [], actions: [] })
    expect(fleetDivergence([{ name: 'a/a', workflows: workflowsOf(WORKFLOW_PATH, '[', null) }])).toEqual({ pipelines: [], actions: [] })
  })
})
