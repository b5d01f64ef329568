// The commit that is checked out, from HEAD, the branch's file or packed-refs. Null where only git could tell (reftable).
import * as path from 'node:path'
import type { FileSystem } from './file-system.ts'
import type { GitFolder } from './git-folder.ts'
import { readLine, readText } from './git-folder.ts'

export interface GitHead {
  /** 40 or 64 hex digits; null before the first commit, or when the ref is not stored as a file. */
  readonly commit: string | null
  /** `refs/heads/main`; null when a commit is checked out directly. */
  readonly ref: string | null
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const REF = /^refs\/(?!.*(?:^|\/)\.\.?(?:\/|$))[^\0\\]+$/
const REMOTE = 'refs/remotes/origin'
const MAX_HOPS = 5

export function readGitHead(fs: FileSystem, git: GitFolder): GitHead {
  const head = readLine(fs, path.join(git.gitFolder, 'HEAD')) ?? ''
  const ref = refOf(head)
  return ref === null ? { commit: commitOf(head), ref: null } : { commit: resolveRef(fs, git, ref), ref }
}

/** The branch that the remote named as its own when this was cloned, or since by `git remote set-head`; null where git keeps no such file. */
export function readDefaultBranch(fs: FileSystem, { commonFolder }: GitFolder): string | null {
  const target = refOf(readLine(fs, path.join(commonFolder, REMOTE, 'HEAD')) ?? '')
  return target?.startsWith(`${REMOTE}/`) === true ? target.slice(REMOTE.length + 1) : null
}

function resolveRef(fs: FileSystem, git: GitFolder, start: string): string | null {
  let ref = start
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const line = readLine(fs, path.join(git.gitFolder, ref)) ?? readLine(fs, path.join(git.commonFolder, ref))
    if (line === null) return packedCommit(fs, git, ref)
    const next = refOf(line)
    if (next === null) return commitOf(line)
    ref = next
  }
  return null
}

function packedCommit(fs: FileSystem, git: GitFolder, ref: string): string | null {
  for (const line of readText(fs, path.join(git.commonFolder, 'packed-refs'))?.split('\n') ?? []) {
    if (line.endsWith(` ${ref}`)) return commitOf(line.slice(0, -ref.length - 1))
  }
  return null
}

const commitOf = (text: string): string | null => (COMMIT.test(text) ? text : null)

function refOf(line: string): string | null {
  const ref = line.startsWith('ref: ') ? line.slice('ref: '.length) : ''
  return REF.test(ref) ? ref : null
}
