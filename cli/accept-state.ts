// `autodevops drift --accept`: writes down which state of the workflows is right, and why, for later runs to compare with. Asks git.
import * as path from 'node:path'
import type { ExitCode } from './exit-code.ts'
import type { World } from './world.ts'
import type { Worktree } from '../worktree/open-worktree.ts'
import { ACCEPTED_STATE_FILE, formatAcceptedState, MOST_REASON, readAcceptedState, type AcceptedState } from '../analysis/drift/accepted-state.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { exists } from '../worktree/file-system.ts'
import { findGitFolder } from '../worktree/git-folder.ts'
import { openWorktree } from '../worktree/open-worktree.ts'
import { askingGit, resolveCommit } from './ask-git.ts'
import { openOneFolder } from './one-folder.ts'
import { replaceText } from './replace-text.ts'
import { todayOf } from './run-analysis.ts'
import { UsageError } from './usage-error.ts'
import { writeOutput } from './write-output.ts'

interface Accepting {
  readonly reason: string | null
  /** Null: what is checked out. */
  readonly ref: string | null
  /** Names of all options that were given. */
  readonly given: ReadonlySet<string>
}

const OPTION = '--accept'
const GOES_WITH: ReadonlySet<string> = new Set(['accept', 'reason', 'baseline-ref'])

/** Throws UsageError; 3 when the file could not be written. */
export function acceptState(world: World, paths: readonly string[], { reason: given, ref, given: options }: Accepting): ExitCode {
  const other = [...options].find((each) => !GOES_WITH.has(each))
  if (other !== undefined) throw new UsageError(`${OPTION} goes with --reason and --baseline-ref alone, but got also --${other}`)
  const reason = readReason(given)
  const root = rootOf(world, openOneFolder(world, `drift ${OPTION}`, paths).root)
  const commit = resolveCommit(world, root, ref === null ? { ref: 'HEAD', option: OPTION, wayOut: 'commit first' } : { ref, option: '--baseline-ref' })
  const text = formatAcceptedState({ commit, by: readAuthor(world, root), date: todayOf(world), reason })
  const failure = write(world, root, text)
  world.stderr.write(failure === null ? `wrote ${ACCEPTED_STATE_FILE}: commit it, so that others compare with it too\n` : `autodevops: not written: ${ACCEPTED_STATE_FILE}: ${failure}\n`)
  if (failure !== null) return 3
  world.stdout.write(`accepted ${commit}: ${onOneLine(reason)}\n`)
  if (ref === null && (askingGit(world, root, OPTION)('status', '--porcelain', '--', '.github/workflows') ?? '') !== '') world.stderr.write('what is not committed in .github/workflows is not part of it\n')
  return 0
}

/** What the repository says was accepted; null where it says nothing. Throws UsageError for what cannot be used. */
export function readAccepted(worktree: Worktree, fs: World['fs']): AcceptedState | null {
  const file = path.join(worktree.root, ACCEPTED_STATE_FILE)
  if (!exists(fs, file)) return null
  const source = worktree.read(ACCEPTED_STATE_FILE)
  const state = 'error' in source ? source : readAcceptedState(source.text)
  if ('error' in state) throw new UsageError(`'${file}' cannot be used: ${state.error}; drift ${OPTION} writes it anew`)
  return state
}

function readReason(given: string | null): string {
  const reason = given?.trim() ?? ''
  if (reason === '') throw new UsageError(`${OPTION} needs --reason TEXT: why this state is right`)
  if (reason.length > MOST_REASON) throw new UsageError(`--reason has at most ${MOST_REASON} characters, but got ${reason.length}`)
  return reason
}

/** Where later runs look for it: the folder itself where it has workflows of its own, else the top of its repository. */
function rootOf({ fs }: Pick<World, 'fs'>, folder: string): string {
  return exists(fs, path.join(folder, '.github')) ? folder : (findGitFolder(fs, folder)?.root ?? folder)
}

/** The name under which this person commits. */
function readAuthor(world: Pick<World, 'git'>, root: string): string {
  const name = /^(.*\S)\s*</.exec(askingGit(world, root, OPTION)('var', 'GIT_AUTHOR_IDENT') ?? '')?.[1]
  if (name === undefined) throw new UsageError(`${OPTION}: git does not know who you are: git config user.name NAME, and user.email ADDRESS`)
  return name
}

/** Null when it is written, else why not. */
function write({ fs }: Pick<World, 'fs'>, root: string, text: string): string | null {
  const file = path.join(root, ACCEPTED_STATE_FILE)
  if (!exists(fs, file)) return writeOutput({ cwd: root, fs }, ACCEPTED_STATE_FILE, text, true)
  const before = openWorktree(root, { fs }).read(ACCEPTED_STATE_FILE)
  return 'error' in before ? before.error : replaceText(fs, file, { before: before.text, after: text })
}
