// Finds what a POSIX script downloads and then runs: through pipes and substitutions at once, or later from a file.
import type { Command } from './commands.ts'
import type { StepCommands } from './step-commands.ts'
import { programOf } from './step-commands.ts'

export interface DownloadRun {
  /** Where it runs. */
  readonly command: Command
  /** What was fetched, as far as a literal says it; else ''. */
  readonly address: string
  /** The file between, null for a pipe or substitution. */
  readonly file: string | null
}

const FETCH = new Set(['curl', 'wget'])
const INTERPRETER = /^(?:ba|z|da|k|a)?sh$|^(?:python[\d.]*|node|ruby|perl|php|deno|bun|pwsh|source|\.|eval)$/
/** Programs that look at what they hand on. */
const VERIFIER = /^(?:sha\d*sum|shasum|md5sum|b2sum|gpg2?|gpgv|cosign|minisign|signify|openssl|slsa-verifier|rekor-cli|cksum)$/
const LED_IN = /(?:^|[\s;&|(])(?:(?:(?:ba|z|da|k|a)?sh|source|\.|python[\d.]*|node|ruby|perl)\s+(?:-[\w-]+\s+)*<\(|(?:(?:(?:ba|z|da|k|a)?sh)\s+(?:-[\w-]+\s+)*-\w*c|eval|python[\d.]*\s+-c|node\s+-e|ruby\s+-e|perl\s+-e)\s+["']?(?:\$\(|`))\s*$/
/** A file of a repository at one commit cannot change. */
const IMMUTABLE = /^https:\/\/(?:raw\.githubusercontent\.com|github\.com|gist\.githubusercontent\.com)\/.*\/[0-9a-f]{40}\//
const OUTPUT = /^(?:-o|--output|-O|--output-document)$/

/** `downloads` holds the files of earlier steps of the job and takes this step's: path to address. */
export function downloadRuns({ script, commands }: StepCommands, downloads: Map<string, string>): readonly DownloadRun[] {
  const { text } = script
  const runs: DownloadRun[] = []
  for (const [index, command] of commands.entries()) {
    const program = programOf(command)
    if (VERIFIER.test(program) || (program === 'gh' && command.words[1]?.text === 'attestation')) downloads.clear()
    else if (FETCH.has(program)) {
      const address = command.words.find((word) => word.isLiteral && /^(?:https?|ftp):\/\//.test(word.text))?.text ?? ''
      if (IMMUTABLE.test(address)) continue
      const runner = LED_IN.test(text.slice(Math.max(0, command.start - 80), command.start)) ? command : pipedInto(text, commands, index)
      if (runner !== null) runs.push({ command, address, file: null })
      else {
        const file = targetOf(command, program, text, address)
        if (file !== null) downloads.set(file, address)
      }
    } else if (downloads.size > 0) {
      const file = executedFile(command, program)
      const address = file === null ? undefined : downloads.get(file)
      if (file !== null && address !== undefined) runs.push({ command, address, file })
    }
  }
  return runs
}

/** The interpreter at the end of the command's pipe; null when there is none, or a verifier before it. */
function pipedInto(text: string, commands: readonly Command[], index: number): Command | null {
  let at = index
  for (let next = index + 1; next < commands.length; next++) {
    const [left, right] = [commands[at], commands[next]]
    if (left === undefined || right === undefined) return null
    if (right.depth !== left.depth) continue
    if (!/^\s*\|&?[\s\\]*(?:(?:sudo|env|exec|command|time|nohup)\s+|[A-Za-z_]\w*=\S*\s+)*$/.test(text.slice(left.end, right.start))) return null
    const program = programOf({ ...right, words: right.words.filter((word) => !isPreamble(word.text)) })
    if (VERIFIER.test(program)) return null
    if (INTERPRETER.test(program) && !hasOwnProgram(right)) return right
    at = next
  }
  return null
}

/** Options and variables in front of a program, as `sudo -E` and `env A=b` leave them. */
const isPreamble = (text: string): boolean => /^(?:-|env$|sudo$|[A-Za-z_]\w*=)/.test(text)

/** `python -c code`, `node script.js`: the pipe is data then. */
function hasOwnProgram({ words }: Command): boolean {
  const operands = words.filter((word) => !isPreamble(word.text)).slice(1)
  const shellReads = words.some(({ text }) => text === '-s' || text === '-')
  return !shellReads && (words.some(({ text }) => /^-(?:c|e|m|p|pe|ne|n)$/.test(text)) || operands.length > 0)
}

/** Where the download goes; null when nobody can tell. */
function targetOf(command: Command, program: string, text: string, address: string): string | null {
  const { words, end } = command
  const redirected = />\s*("?)([^\s"'|&;]+)\1\s*$/.exec(text.slice(words.at(-1)?.end ?? end, end))?.[2]
  if (redirected !== undefined) return normal(redirected)
  for (const [index, word] of words.entries()) {
    if (program === 'curl' && /^-[a-zA-Z]*O[a-zA-Z]*$/.test(word.text)) return address === '' ? null : normal(baseName(address))
    if (OUTPUT.test(word.text) || (program === 'curl' && /^-[a-zA-Z]*o$/.test(word.text))) return normal(words[index + 1]?.text ?? '')
    const attached = /^--output(?:-document)?=(.+)$/.exec(word.text)?.[1]
    if (attached !== undefined) return normal(attached)
  }
  return program === 'wget' && address !== '' ? normal(baseName(address)) : null
}

const baseName = (address: string): string => address.replace(/[?#].*$/, '').replace(/^.*\//, '')

const normal = (path: string): string | null => (path === '' || path === '-' || path === '/dev/null' ? null : path.replace(/^(?:\.\/)+/, ''))

/** The file that a command runs: itself, or the first operand of an interpreter. */
function executedFile(command: Command, program: string): string | null {
  const list = command.words.filter((word, index) => index > 0 || !word.text.startsWith('-'))
  const first = list[0]?.text ?? ''
  if (first.includes('/') && !INTERPRETER.test(program)) return normal(first)
  if (!INTERPRETER.test(program)) return null
  return normal(list.slice(1).find(({ text }) => !text.startsWith('-'))?.text ?? '')
}
