// Reads a commit's CI files. A posted text is used only when git's id of it stands in the commit's tree; everything else is
// read from the code host, so nothing that a client invents is ever analysed or committed. Reads no other file but CODEOWNERS and the
// manifests that the engine asks for.
import { CODE_OWNERS_FILES, isCiPath } from '../analysis/pipeline-path.ts'
import { decodeText, MAX_SOURCE_BYTES, tooLarge } from '../analysis/source/decode.ts'
import type { NotChecked, SourceFile } from '../analysis/analyse.ts'
import type { Profile } from '../analysis/finding.ts'
import { gitBlobId } from './blob-id.ts'
import type { GithubClient } from './client.ts'
import { readCommitTree } from './commit-tree.ts'
import type { CommitTree, RepositoryName, TreeEntry } from './commit-tree.ts'

/** More CI files than this in one repository are named as not checked. */
const MOST_CI_FILES = 1000
const READS_AT_ONCE = 8
/** Workflows and actions that lie elsewhere are analysed when they are posted. */
const YAML = /\.ya?ml$/

export interface PostedFile {
  readonly path: string
  readonly text: string
}

export interface ReadRequest {
  readonly repository: RepositoryName
  readonly commit: string
  readonly posted: readonly PostedFile[]
}

export interface RepositoryAtCommit {
  readonly tree: CommitTree
  readonly files: readonly SourceFile[]
  /** Every path of the commit; null when the code host did not list them all. */
  readonly paths: readonly string[] | null
  /** Posted paths whose text is not the commit's, or that the commit does not have; ascending. */
  readonly replacedTexts: readonly string[]
  readonly notChecked: readonly NotChecked[]
}

export async function readRepository(client: GithubClient, request: ReadRequest): Promise<RepositoryAtCommit> {
  const { repository, commit } = request
  const posted = request.posted.filter(({ path }) => isCiPath(path) || YAML.test(path))
  const folders = posted.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  const tree = await readCommitTree(client, { repository, commit, folders })
  const postedTexts = new Map(posted.map(({ path, text }) => [path, text]))
  const wanted = [...tree.entries].filter(([path, entry]) => entry.type !== 'commit' && (isCiPath(path) || postedTexts.has(path)))
  const replaced = new Set(posted.map(({ path }) => path).filter((path) => !tree.entries.has(path)))
  const files = await eachOf(wanted.slice(0, MOST_CI_FILES), async ([path, entry]): Promise<SourceFile> => {
    const text = postedTexts.get(path)
    if (text !== undefined) {
      if (isRegular(entry) && gitBlobId(text) === entry.sha) return { path, ...decodeText(Buffer.from(text, 'utf8')) }
      replaced.add(path)
    }
    return { path, ...(await readFile(client, repository, entry)) }
  })
  return {
    tree,
    files,
    paths: tree.complete ? [...tree.entries.keys()] : null,
    replacedTexts: [...replaced].sort(),
    notChecked: limitsOf(tree, wanted.length),
  }
}

/** The commit's CODEOWNERS file that counts, in one call; null when it has none, and where its paths or the profile leave nothing to say of it. */
export async function readCodeOwners(client: GithubClient, repository: RepositoryName, { tree: { entries, complete }, profile }: { readonly tree: CommitTree; readonly profile: Profile }): Promise<SourceFile | null> {
  const path = complete && profile !== 'regular' ? CODE_OWNERS_FILES.find((each) => entries.has(each)) : undefined
  const entry = path === undefined ? undefined : entries.get(path)
  return path === undefined || entry === undefined ? null : { path, ...(await readFile(client, repository, entry)) }
}

/** Manifests of the commit, each with its text or why it has none, in as many calls. */
export function readManifests(client: GithubClient, repository: RepositoryName, { tree: { entries }, paths }: { readonly tree: CommitTree; readonly paths: readonly string[] }): Promise<readonly SourceFile[]> {
  return eachOf(paths, async (path): Promise<SourceFile> => {
    const entry = entries.get(path)
    return { path, ...(entry === undefined ? { error: 'the commit does not have it' } : await readFile(client, repository, entry)) }
  })
}

const isRegular = (entry: TreeEntry): boolean => entry.mode === '100644' || entry.mode === '100755'

/** The text behind an entry of a tree, or why there is none. */
export async function readFile(client: GithubClient, { owner, name }: RepositoryName, entry: TreeEntry) {
  if (!isRegular(entry)) return { error: 'the path is a symbolic link; put the file itself there' }
  if (entry.size !== null && entry.size > MAX_SOURCE_BYTES) return { error: tooLarge(entry.size) }
  const { data } = await client.rest.git.getBlob({ owner, repo: name, file_sha: entry.sha })
  return decodeText(Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8'))
}

function limitsOf(tree: CommitTree, found: number): NotChecked[] {
  const notChecked: NotChecked[] = []
  if (!tree.complete) {
    notChecked.push({ what: 'folders outside .github', reason: 'the code host does not list all paths of so large a commit', count: 1 })
  }
  if (found > MOST_CI_FILES) {
    notChecked.push({ what: 'CI files', reason: `a commit is read up to ${MOST_CI_FILES} CI files`, count: found - MOST_CI_FILES })
  }
  return notChecked
}

/** Keeps the order; at most READS_AT_ONCE run at a time. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += READS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + READS_AT_ONCE).map(work))))
  }
  return results
}
