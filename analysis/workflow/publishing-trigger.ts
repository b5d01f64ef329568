// Whether a workflow is started by what people publish with: a release, a tag, a branch for releases.
import type { Workflow } from './workflow.ts'
import { lookup, scalarsOf } from './nodes.ts'

/** A release, a tag, or a branch that is called after one; null when the workflow starts otherwise. */
export function publishingTrigger({ triggers }: Workflow): 'a release' | 'a tag' | 'a release branch' | null {
  for (const { name, config } of triggers) {
    if (name === 'release') return 'a release'
    if (name !== 'push' || config === null) continue
    if (scalarsOf(lookup(config, 'tags')).some(({ text }) => !text.startsWith('!'))) return 'a tag'
    if (scalarsOf(lookup(config, 'branches')).some(({ text }) => /release/i.test(text) && !text.startsWith('!'))) return 'a release branch'
  }
  return null
}
