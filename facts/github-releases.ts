// A repository's releases, newest first; where it has none, its newest version tags with the dates of their commits.
import type { Release } from '../analysis/fact.ts'
import type { HostAnswer, KnownFact } from './code-host.ts'
import type { Asking } from './asking.ts'
import { fieldOf } from './field-of.ts'
import { failureOf, known, unchanged, unknown } from './host-answers.ts'

const PER_PAGE = 30
/** Each costs a request for its date. */
const TAGS_WITH_DATES = 3
const VERSION_TAG = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[\w.-]+)?$/

export async function askReleases(repository: string, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  const reply = await asking.get(`/repos/${repository}/releases?per_page=${PER_PAGE}`, before?.answer.status === 'known' ? before.etag : null)
  if (reply.kind === 'failed') return failureOf(reply)
  const seen = await asking.seen(repository)
  if (reply.kind === 'unchanged') return unchanged(reply, seen)
  const releases = releasesIn(reply.body)
  if (releases === null) return unknown('GitHub answered with something that is not a list of releases', { visibility: seen })
  if (releases.length > 0) return known({ releases }, { etag: reply.etag, visibility: seen })
  return askTags(repository, seen, asking)
}

async function askTags(repository: string, visibility: HostAnswer['visibility'], asking: Asking): Promise<HostAnswer> {
  const reply = await asking.get(`/repos/${repository}/tags?per_page=100`)
  if (reply.kind === 'failed') return failureOf(reply)
  const tags = reply.kind === 'answered' ? versionTagsIn(reply.body).slice(0, TAGS_WITH_DATES) : []
  const releases: Release[] = []
  for (const { tag, commit } of tags) {
    const read = await asking.get(`/repos/${repository}/git/commits/${commit}`)
    if (read.kind === 'failed') return failureOf(read)
    const publishedAt = read.kind === 'answered' ? isoDate(fieldOf(fieldOf(read.body, 'committer'), 'date')) : null
    if (publishedAt !== null) releases.push({ tag, publishedAt, prerelease: tag.includes('-') })
  }
  // No etag: the list of releases would stay the same empty list when a tag is added.
  return known({ releases }, { etag: null, visibility })
}

/** Drafts are left out: nobody can use them. null when it is no list. */
function releasesIn(body: unknown): Release[] | null {
  if (!Array.isArray(body)) return null
  const releases = body.flatMap((entry): Release[] => {
    const publishedAt = isoDate(fieldOf(entry, 'published_at'))
    const tag = fieldOf(entry, 'tag_name')
    if (publishedAt === null || typeof tag !== 'string' || fieldOf(entry, 'draft') === true) return []
    return [{ tag, publishedAt, prerelease: fieldOf(entry, 'prerelease') === true }]
  })
  return releases.sort((a, b) => b.publishedAt.localeCompare(a.publishedAt))
}

function versionTagsIn(body: unknown): { tag: string; commit: string }[] {
  if (!Array.isArray(body)) return []
  const tags = body.flatMap((entry): { tag: string; commit: string; order: number[] }[] => {
    const [tag, commit] = [fieldOf(entry, 'name'), fieldOf(fieldOf(entry, 'commit'), 'sha')]
    const match = typeof tag === 'string' ? VERSION_TAG.exec(tag) : null
    if (!match || typeof tag !== 'string' || typeof commit !== 'string') return []
    const [, major, minor, patch, suffix] = match
    // The fullest name of a version is the one that never moves: v4.2.1 before v4.2 before v4.
    const fullness = [minor, patch].filter((part) => part !== undefined).length
    return [{ tag, commit, order: [Number(major), Number(minor ?? 0), Number(patch ?? 0), suffix ? 0 : 1, fullness] }]
  })
  return tags.sort((a, b) => compareOrders(b.order, a.order))
}

function compareOrders(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place])
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

function isoDate(value: unknown): string | null {
  const date = typeof value === 'string' ? new Date(value) : null
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString()
}
