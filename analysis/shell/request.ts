// Requests that a script sends: `curl`, `wget` and `gh api`, each with its address and what an expression or a variable puts into
// its host and path. Leaves out queries, bodies and headers.
import type { Command, Word } from './commands.ts'
import type { StepCommands } from './step-commands.ts'
import { programOf } from './step-commands.ts'

export interface ScriptRequest {
  readonly command: Command
  readonly program: string
  /** What the host begins with, where the script does not write it out: `$URL`, an expression; else null. */
  readonly host: string | null
  /** The path as it is written. */
  readonly path: string
}

/** Options of curl and wget that stand alone. */
const FLAG = /^(?:-[#0246afgGiIJkLlnNOpqRsSvVZ]+|--(?!url$)(?:compressed|fail(?:-with-body)?|globoff|head|include|insecure|location(?:-trusted)?|no-progress-meter|quiet|remote-name|show-error|silent|verbose|ipv4|ipv6))$/
const PUT_IN = String.raw`\$\{\{.{0,500}?\}\}|\$\{?[A-Za-z_]\w*\}?`
const ADDRESS = new RegExp(String.raw`^(?:https?:\/\/(?:[^\s/?#$]*@)?)?((?:[\w-]+\.)*?(?:${PUT_IN}))?`, 'i')

export function requestsIn({ commands }: StepCommands): readonly ScriptRequest[] {
  return commands.flatMap((command): ScriptRequest[] => {
    const program = programOf(command)
    if (program === 'gh' && command.words[1]?.text === 'api') {
      const path = operandsOf(command.words.slice(2))[0]
      return path === undefined ? [] : [{ command, program: 'gh api', host: null, path: withoutQuery(path) }]
    }
    if (program !== 'curl' && program !== 'wget') return []
    const [address] = operandsOf(command.words.slice(1)).filter((text) => /^https?:\/\/|^\$/i.test(text))
    if (address === undefined) return []
    const host = ADDRESS.exec(address)?.[1] ?? null
    return [{ command, program, host, path: withoutQuery(host === null ? address.replace(/^https?:\/\/[^/]*/i, '') : address.slice(address.indexOf(host) + host.length)) }]
  })
}

/** The words that no option takes. */
function operandsOf(words: readonly Word[]): readonly string[] {
  return words.flatMap(({ text }, index) => {
    const before = words[index - 1]?.text ?? ''
    return text.startsWith('-') || (before.startsWith('-') && !FLAG.test(before) && before !== '--url' && !before.includes('=')) ? [] : [text]
  })
}

const withoutQuery = (text: string): string => text.replace(/\?.*$/s, '')
