// Compares what a step or job uses: the same thing, pinned as firmly, at a version as new. Newer or firmer is no difference.
import type { Uses } from '../workflow/uses.ts'
import type { Field } from './compare-fields.ts'
import { usedVersion } from '../data/used-version.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { describe, report } from './compare-fields.ts'

export function compareUses(field: Field, expected: Uses | null, found: Uses | null): void {
  if (expected === null) {
    if (found !== null) report(field, 'outdated', `uses '${found.text}' in place of a script`)
    return
  }
  if (found === null) return report(field, 'weakened', `does not use '${expected.text}'`)
  if (expected.text === found.text) return
  if (expected.name.toLowerCase() !== found.name.toLowerCase() && imageName(expected) !== imageName(found)) {
    return report(field, 'weakened', `uses '${found.text}' in place of '${expected.text}'`)
  }
  if (firmness(found) < firmness(expected)) return report(field, 'weakened', `'${found.text}' is pinned less firmly than '${expected.text}'`)
  const order = orderOf(expected, found)
  if (order === 'older') report(field, 'outdated', describe(field), 'versions')
  if (order === 'unknown') report(field, 'outdated', `${describe(field)}: another one, and nothing says that it is newer`, 'versions')
}

/** A docker:// image without its tag and digest; other texts as they are. */
const imageName = ({ form, text }: Uses): string => (form === 'docker' ? text.replace(/@.*$|:[\w.-]+(?:@.*)?$/, '') : text)

/** 3 a commit or digest, 2 a whole version, 1 a part of one, 0 a branch or nothing. */
function firmness({ isPinned, form, text, ref }: Uses): number {
  if (isPinned || (form === 'docker' && text.includes('@sha256:'))) return 3
  const label = form === 'docker' ? text.slice(text.lastIndexOf(':') + 1) : (ref ?? '')
  if (form !== 'docker' && form !== 'repository') return 3
  return parseVersion(label) === null ? 0 : label.split('.').length > 2 ? 2 : 1
}

function orderOf(expected: Uses, found: Uses): 'older' | 'same' | 'newer' | 'unknown' {
  const [before, after] = [labelOf(expected), labelOf(found)]
  const [from, to] = [parseVersion(before), parseVersion(after)]
  if (expected.ref === found.ref && expected.form !== 'docker') return 'same'
  if (from === null || to === null) return 'unknown'
  const depth = Math.min(before?.split('.').length ?? 0, after?.split('.').length ?? 0)
  const order = compareVersions(to, from)
  return order === 0 || to.slice(0, depth).every((part, index) => part === from[index]) ? 'same' : order < 0 ? 'older' : 'newer'
}

/** The version behind a ref: its own, that of the comment behind a pin, or what the bundled data knows of the commit. */
function labelOf(uses: Uses): string | null {
  if (uses.form === 'docker') return /:([\w.-]+)(?:@|$)/.exec(uses.text.slice('docker://'.length))?.[1] ?? null
  if (!uses.isPinned) return uses.ref
  return versionComment(uses)?.version ?? usedVersion(uses)?.version.tag ?? null
}
