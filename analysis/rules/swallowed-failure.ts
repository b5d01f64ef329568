// Finds tests, linters and scanners whose failure is dropped: `|| true`, `continue-on-error: true`, a forced exit 0.
// Leaves out steps whose outcome is read later, clean-up, and steps whose value an expression decides.
import type { Command } from '../shell/commands.ts'
import type { Step } from '../workflow/step.ts'
import type { StepCommands } from '../shell/step-commands.ts'
import type { EditsFix } from './rule.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { isCheck } from '../shell/check-command.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const ANY = /\S/
/** Actions that check; what they find makes the step fail. */
const CHECKING_ACTION = /^(?:golangci\/golangci-lint-action|aquasecurity\/trivy-action|anchore\/scan-action|snyk\/actions(?:\/.*)?|(?:github\/)?super-linter\/super-linter(?:\/.*)?|oxsecurity\/megalinter(?:\/.*)?|actions\/dependency-review-action|astral-sh\/ruff-action|hadolint\/hadolint-action|ludeeus\/action-shellcheck|bridgecrewio\/checkov-action|gitleaks\/gitleaks-action|pypa\/gh-action-pip-audit|rustsec\/audit-check|zizmorcore\/zizmor-action|cypress-io\/github-action|securego\/gosec|psf\/black)$/i

export const swallowedFailure = defineRule({
  meta: {
    id: 'swallowed-failure',
    summary: 'Let a failing check fail',
    severity: 'medium',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: {},
    messages: {
      alternative: "'{command}' may fail and nobody notices: '|| {other}' drops its result; remove it, or read the result later",
      step: "'{command}' may fail and nobody notices: 'continue-on-error: true' drops its result; remove it, or read the step's outcome later",
      exit: "'{command}' may fail and nobody notices: the script goes on after 'set +e' and ends with 'exit 0'",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const check = checkIn(step)
        if (check === null) return
        const pair = findPair(step.node, 'continue-on-error')
        if (pair !== undefined && step.continueOnError?.value === true && !isReadLater(step)) {
          const edit = removeLine(step.file, step.node, pair)
          const fix: EditsFix | null = edit && { kind: 'edits', safety: 'unsafe', description: 'let the step fail', edits: [edit] }
          ctx.report({ message: 'step', at: pair.key, data: { command: check }, fix, identity: check })
        }
        const read = step.run === null ? null : commandsOf(step, ANY)
        if (read !== null) reportScript(read)
      },
    }

    function reportScript(read: StepCommands): void {
      const { commands, script } = read
      for (const [index, command] of commands.entries()) {
        const next = commands[index + 1]
        if (next?.depth !== command.depth || !isCheck(command)) continue
        const other = next.words.map(({ text }) => text).join(' ')
        if (!/^(?:true|:|exit 0)$/.test(other) || !/^\s*\|\|\s*$/.test(script.text.slice(command.end, next.start))) continue
        const edits = [{ start: script.offsetOf(command.end), end: script.offsetOf(next.end), text: '' }]
        ctx.report({
          message: 'alternative',
          at: read.rangeOf(command),
          data: { command: nameOf(command), other },
          fix: { kind: 'edits', safety: 'unsafe', description: 'let it fail', edits },
          identity: nameOf(command),
        })
      }
      const last = commands.at(-1)
      const from = commands.findIndex((command) => isCall(command, 'set', '+e'))
      if (last === undefined || from === -1 || !isCall(last, 'exit', '0') || script.text.includes('$?')) return
      const check = commands.find((command, index) => index > from && isCheck(command))
      if (check !== undefined) ctx.report({ message: 'exit', at: read.rangeOf(last), data: { command: nameOf(check) }, identity: nameOf(check) })
    }
  },
})

const isCall = ({ words }: Command, program: string, argument: string): boolean => words.length === 2 && words[0]?.text === program && words[1]?.text === argument

const nameOf = ({ words }: Command): string => words.slice(0, 3).map(({ text }) => text).join(' ').slice(0, 60)

/** What the step checks with; null when it does not, or only cleans up. */
function checkIn(step: Step): string | null {
  if (step.uses !== null) return CHECKING_ACTION.test(step.uses.name) ? step.uses.name : null
  const check = commandsOf(step, ANY)?.commands.find(isCheck)
  return check === undefined ? null : nameOf(check)
}

function isReadLater({ id, file }: Step): boolean {
  return id !== null && (file.text.includes(`steps.${id.text}.`) || file.text.includes(`steps['${id.text}']`))
}
