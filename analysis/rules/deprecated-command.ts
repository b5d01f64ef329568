// Finds workflow commands on standard output that GitHub replaced by files: set-output and save-state (deprecated),
// set-env and add-path (refused unless a workflow opts in). Leaves out comments, and scripts in files.
import type { ShellName } from '../shell/step-shell.ts'
import type { Script } from '../shell/script.ts'
import type { Step } from '../workflow/step.ts'
import type { EditsFix } from './rule.ts'
import type { Command } from '../shell/commands.ts'
import { commandsIn } from '../shell/commands.ts'
import { quotingOf } from '../shell/quoting.ts'
import { scriptOf } from '../shell/script.ts'
import { isPosix, shellOf } from '../shell/step-shell.ts'
import { defineRule } from './rule.ts'

const FILES: Readonly<Record<string, string>> = {
  'set-output': 'GITHUB_OUTPUT', 'save-state': 'GITHUB_STATE', 'set-env': 'GITHUB_ENV', 'add-path': 'GITHUB_PATH',
}
const COMMAND = /::(?:(set-output|save-state|set-env)[ \t]+name=([^:,\n]*)|(add-path)[ \t]*)::/g
/** In characters; a longer script is not rewritten. */
const MAX_SCRIPT = 65_536
/** How far into a line its comment sign is looked for, in characters. */
const COMMENT_REACH = 200
const COMMENT_LINE = /^\s*(?:#|\/\/|rem\s)/i

interface Match {
  readonly command: string
  /** '' for add-path. */
  readonly name: string
  readonly start: number
  readonly end: number
  readonly isOnCommentLine: boolean
}

export const deprecatedCommand = defineRule({
  meta: {
    id: 'deprecated-command',
    summary: 'Write outputs, state, environment and path to their files, not to standard output',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: { actionlint: ['deprecated-commands'] },
    messages: {
      deprecated: "the command '::{command}' is deprecated; append to the file ${file}",
      disabled: { text: "the command '::{command}' is refused by the runner; append to the file ${file}", severity: 'high' },
    },
  },
  create(ctx) {
    return {
      step(step) {
        if (!step.run?.text.includes('::')) return
        const script = scriptOf(step.file.text, step.run)
        const matches = matchesIn(script.text)
        if (matches.length === 0) return
        const shell = shellOf(step)
        const places = quotingOf(script.text, matches, shell)
        const commands = isRewritable(step, script, shell) ? commandsIn(script.text) : []
        for (const [index, match] of matches.entries()) {
          if (places[index] === 'comment' || match.isOnCommentLine) continue
          const isDisabled = match.command === 'set-env' || match.command === 'add-path'
          ctx.report({
            message: isDisabled ? 'disabled' : 'deprecated',
            at: { start: script.offsetOf(match.start), end: script.offsetOf(match.end) },
            data: { command: match.command, file: FILES[match.command] ?? '' },
            fix: appendToFile(match, commands, { script, shell }),
          })
        }
      },
    }
  },
})

function matchesIn(script: string): readonly Match[] {
  const found: Match[] = []
  let line = { start: -1, isComment: false }
  for (const match of script.matchAll(COMMAND)) {
    const start = script.slice(line.start + 1, match.index).lastIndexOf('\n')
    if (start >= 0 || line.start < 0) {
      const lineStart = line.start + 1 + start + 1
      line = { start: match.index, isComment: COMMENT_LINE.test(script.slice(lineStart, lineStart + COMMENT_REACH)) }
    } else line = { ...line, start: match.index }
    found.push({
      command: match[1] ?? match[3] ?? '', name: match[2] ?? '', start: match.index, end: match.index + match[0].length, isOnCommentLine: line.isComment,
    })
  }
  return found
}

function isRewritable({ node }: Step, { style, text }: Script, shell: ShellName): boolean {
  return style !== 'folded' && !node.flow && text.length <= MAX_SCRIPT && (isPosix(shell) || shell === 'pwsh' || shell === 'unknown')
}

/** Only an `echo` that stands alone is rewritten: what else prints the command may print more than it. */
function appendToFile(match: Match, commands: readonly Command[], { script, shell }: { script: Script; shell: ShellName }): EditsFix | null {
  const command = commands.find(({ start, end }) => start <= match.start && match.end <= end)
  if (command === undefined || !/^[\w-]*$/.test(match.name) || !isPlainEcho(command, match)) return null
  const file = FILES[match.command] ?? ''
  const target = shell === 'pwsh' ? ` >> $env:${file}` : ` >> "$${file}"`
  // Values are unescaped on standard output, not in the file; a line break in a value would begin another entry there.
  const isLiteral = command.words.every((word) => word.isLiteral && !/[\\%]/.test(word.text))
  const end = script.offsetOf(command.end)
  return {
    kind: 'edits',
    safety: isLiteral && shell !== 'unknown' ? 'safe' : 'unsafe',
    description: `Append to $${file} instead of printing ::${match.command}`,
    edits: [
      { start: script.offsetOf(match.start), end: script.offsetOf(match.end), text: match.name === '' ? '' : `${match.name}=` },
      { start: end, end, text: script.escape(target) },
    ],
  }
}

function isPlainEcho({ words, depth, isRedirected }: Command, match: Match): boolean {
  const [program, first, second] = words
  if (program?.text !== 'echo' || first === undefined || depth > 0 || isRedirected) return false
  // The name of an unquoted command is a word of its own: `echo ::set-output name=x::y`.
  const isFirst = first.start === match.start || first.start === match.start - 1
  return isFirst && (first.end >= match.end || second?.end !== undefined)
}
