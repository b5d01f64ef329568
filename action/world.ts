// Everything outside that the Action touches, as one argument: the runner's toolkit, the network, the disk, the clock.
import type * as fs from 'node:fs'
import type * as core from '@actions/core'
import type { FileSystem } from '../worktree/file-system.ts'
import type { EventPayload } from './run-context.ts'

type WritableFileSystem = FileSystem & Pick<typeof fs, 'mkdirSync' | 'writeFileSync'>

export interface World {
  readonly core: Pick<typeof core, 'getInput' | 'setSecret' | 'setOutput' | 'setFailed' | 'info' | 'warning' | 'getIDToken' | 'summary'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly payload: EventPayload
  readonly cwd: string
  readonly fs: WritableFileSystem
  readonly fetch: typeof fetch
  /** Repeats and paces calls to the code host as it asks for. */
  readonly paceCodeHost: boolean
  readonly now: () => Date
  readonly sleep: (ms: number) => Promise<void>
  /** Raw text to standard output: workflow commands, already escaped. */
  readonly write: (text: string) => void
  readonly version: string
}
