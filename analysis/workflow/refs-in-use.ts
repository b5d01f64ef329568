// Which refs of other repositories the CI files name, found by their text: no file is parsed for that.
import { compareVersions, parseVersion, type Version } from '../data/version.ts'
import { isCommit } from './commit.ts'

export interface RefInUse {
  /** As written: `v4`, a commit. */
  readonly ref: string
  /** The ref's own, or for a commit that of the comment behind it; null when neither says one. */
  readonly version: Version | null
  /** The version as written: `v4.2.2`; '' for none. */
  readonly label: string
}

const USES = /^[ \t]*(?:-[ \t]+)?uses:[ \t]*["']?([\w.-]+\/[\w.-]+)((?:\/[\w./-]+)?)@([^\s"'#]+)["']?[ \t]*(?:#[ \t]*(\S+))?/gm

/** By `owner/repo` in lower case; each ref once, in the order of the texts. */
export function readRefsInUse(texts: Iterable<string>): ReadonlyMap<string, readonly RefInUse[]> {
  const found = new Map<string, Map<string, RefInUse>>()
  for (const text of texts) {
    for (const [, repository = '', , ref = '', comment] of text.matchAll(USES)) {
      const key = repository.toLowerCase()
      const refs = found.get(key) ?? new Map<string, RefInUse>()
      found.set(key, refs)
      const use = refInUse(ref, comment)
      if (!refs.has(ref) || use.version !== null) refs.set(ref, use)
    }
  }
  return new Map([...found].map(([key, refs]) => [key, [...refs.values()]]))
}

/** `comment` is the version that stands behind a pin. */
export function refInUse(ref: string, comment: string | undefined): RefInUse {
  const label = isCommit(ref) ? (comment ?? '') : ref
  const version = parseVersion(label)
  return { ref, version, label: version === null ? '' : label }
}

/** The one with the highest version, of two with the same one the pinned one; undefined where none has a version. */
export function newestInUse(list: readonly RefInUse[]): RefInUse | undefined {
  let best: RefInUse | undefined
  for (const each of list) {
    if (each.version === null) continue
    const order = compareVersions(each.version, best?.version ?? [-1, 0, 0])
    if (order > 0 || (order === 0 && isCommit(each.ref))) best = each
  }
  return best
}
