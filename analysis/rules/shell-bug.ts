// Finds script lines that surely misbehave, from a short list of our own. Leaves out style, and everything that a shell linter knows
// better; scripts of other shells than bash and sh.
import type { Command } from '../shell/commands.ts'
import type { Step } from '../workflow/step.ts'
import type { StepCommands } from '../shell/step-commands.ts'
import { isCheck } from '../shell/check-command.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { shellOf } from '../shell/step-shell.ts'
import { defineRule } from './rule.ts'

/** Scripts without any of these are not read. */
const SUSPICIOUS = /\||\[ |\btest \$|set \+e|\$\((?:ls|find) /
/** A variable outside of quotes, or an expression. */
const BARE_VARIABLE = /^\$(?:\{?([A-Za-z_]\w*)\}?|\{\{.*\}\})$/s
/** The runner always sets these, never to nothing. */
const ALWAYS_SET = /^(?:GITHUB_(?:ACTIONS?|ACTOR|EVENT_NAME|JOB|REF|REF_NAME|REF_TYPE|REPOSITORY|REPOSITORY_OWNER|RUN_ID|RUN_NUMBER|SHA|WORKFLOW|WORKSPACE)|RUNNER_\w+|CI|HOME|PATH|PWD|OSTYPE)$/
const COMPARES = new Set(['=', '==', '!='])
const FILE_LIST = /\bfor\s+(\w+)\s+in\s+\$\((ls|find)\s/g

export const shellBug = defineRule({
  meta: {
    id: 'shell-bug',
    summary: 'Write scripts that stop when something is wrong',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['shellcheck', 'pyflakes'], octoscan: ['shellcheck'] },
    messages: {
      pipe: "'{command}' may fail and the step passes: without 'pipefail' only the last command of a pipe counts; set 'shell: bash' or 'set -o pipefail'",
      cd: "'cd {folder}' may fail after 'set +e', and '{command}' then deletes where it stands; write 'cd {folder} || exit 1'",
      list: "a file name with a space becomes two: '{variable}' walks over the words that '{program}' prints; use a glob, or 'while read'",
      bracket: "'[' lacks a word when '{value}' is empty, and fails; put it in double quotes",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const shell = shellOf(step)
        const read = shell === 'bash' || shell === 'sh' ? commandsOf(step, SUSPICIOUS) : null
        if (read === null) return
        if (!setsPipefail(step) && !/pipefail|PIPESTATUS/.test(read.script.text)) reportPipes(read)
        reportDeletes(read)
        reportLists(read)
        for (const command of read.commands) reportBracket(read, command)
      },
    }

    function reportPipes(read: StepCommands): void {
      for (const [index, command] of read.commands.entries()) {
        const next = read.commands[index + 1]
        if (next?.depth !== command.depth || programOf(next) !== 'tee' || !isCheck(command)) continue
        if (!/^\s*(?:2>&1\s*)?\|&?\s*$/.test(read.script.text.slice(command.end, next.start))) continue
        const name = command.words.slice(0, 3).map(({ text }) => text).join(' ')
        ctx.report({ message: 'pipe', at: read.rangeOf(command), data: { command: name }, identity: name })
      }
    }

    function reportDeletes(read: StepCommands): void {
      const { commands, script } = read
      const from = commands.findIndex(({ words }) => words[0]?.text === 'set' && words[1]?.text === '+e')
      for (const [index, command] of commands.entries()) {
        const next = commands[index + 1]
        const folder = command.words[1]?.text
        if (from === -1 || index < from || programOf(command) !== 'cd' || folder === undefined || next === undefined || programOf(next) !== 'rm') continue
        if (!/^\s*[;\n]\s*$/.test(script.text.slice(command.end, next.start)) || !next.words.some(({ text }) => /^-\w*r/i.test(text)) || next.words.some(({ text }) => text.startsWith('/'))) continue
        ctx.report({ message: 'cd', at: read.rangeOf(command), data: { folder, command: next.words.slice(0, 3).map(({ text }) => text).join(' ') }, identity: folder })
      }
    }

    function reportLists({ script }: StepCommands): void {
      if (/\bIFS=/.test(script.text)) return
      for (const { 0: whole, 1: variable = '', 2: program = '', index } of script.text.matchAll(FILE_LIST)) {
        ctx.report({ message: 'list', at: { start: script.offsetOf(index), end: script.offsetOf(index + whole.length) }, data: { variable, program }, identity: variable })
      }
    }

    function reportBracket(read: StepCommands, { words }: Command): void {
      const [program, first, operator] = words
      if (program?.text !== '[' || first === undefined || operator === undefined || !COMPARES.has(operator.text)) return
      const { text } = read.script
      const value = text.slice(first.start, first.end)
      const match = BARE_VARIABLE.exec(value)
      const name = match?.[1]
      if (match === null || (name !== undefined && (ALWAYS_SET.test(name) || new RegExp(`\\b${name}=|\\bfor ${name}\\b|\\bread\\b.*\\b${name}\\b`).test(text)))) return
      ctx.report({ message: 'bracket', at: { start: read.script.offsetOf(first.start), end: read.script.offsetOf(first.end) }, data: { value }, identity: value })
    }
  },
})

/** A step that names bash gets `pipefail`; one that names nothing does not. */
const setsPipefail = ({ shell, job }: Step): boolean => (shell ?? job?.defaultShell ?? job?.workflow.defaultShell ?? null) !== null
