// Everything outside the program that the command line touches, as one argument: tests bring their own.
import type * as fs from 'node:fs'
import type { FileSystem } from '../worktree/file-system.ts'

export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
}

export interface World {
  /** Without node and script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  readonly fs: FileSystem & WritingFileSystem
  readonly now: () => Date
  /** Runs git in a folder; started only for what cannot be read from its files. */
  readonly git: (folder: string, args: readonly string[]) => GitAnswer
}

/** A person who can be asked. */
export interface Input {
  readonly isTerminal: boolean
  /** One line without its end; null when there is none any more. */
  readLine(): string | null
}

/** 'missing': there is no git on this machine. */
export type GitAnswer = { readonly status: 'missing' } | { readonly status: 'done' | 'failed'; readonly output: string }

/** What `fix --write` needs besides reading. */
export type WritingFileSystem = Pick<typeof fs, 'chmodSync' | 'mkdirSync' | 'renameSync' | 'rmSync' | 'writeFileSync'>
