// The edits that put one action in the place of another, pinned to its newest release whose commit is known.
import type { Host } from '../analyse.ts'
import type { TextEdit } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { Uses } from '../workflow/uses.ts'
import { livingVersions } from '../data/living-versions.ts'
import { setVersionComment } from './set-version-comment.ts'

export interface Replacement {
  readonly name: string
  readonly host: Host
  readonly today: string
}

/** Unsafe. Null where no release is known, or the other action does not take the inputs in use. */
export function replaceAction(uses: Uses, { name, host, today }: Replacement): EditsFix | null {
  const start = uses.refStart - 1 - uses.writtenName.length
  if (uses.refStart === -1 || uses.step === null || uses.file.text.slice(start, uses.refStart - 1) !== uses.writtenName) return null
  const used = new Set((uses.step.with?.pairs ?? []).map(({ key }) => key.text.toLowerCase()))
  for (const { commit, tag, inputs } of livingVersions(name, { host, today })) {
    if (commit === null || tag === null || inputs === null) continue
    const known = new Set(inputs.map((input) => input.name.toLowerCase()))
    if ([...used].some((input) => !known.has(input)) || inputs.some((input) => input.isRequired && !used.has(input.name.toLowerCase()))) return null
    const edits: TextEdit[] = [{ start, end: uses.refEnd, text: `${name}@${commit}` }]
    const comment = setVersionComment(uses, tag)
    if (comment !== null) edits.push(comment)
    return { kind: 'edits', safety: 'unsafe', description: `use ${name} ${tag} instead`, edits }
  }
  return null
}
