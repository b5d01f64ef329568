// Finds secrets that leave the run: files with credentials in an artifact, secrets printed to the log or shown by a trace, and
// secrets sent to a host that an expression chooses. Leaves out hidden files that the upload skips, what goes into a pipe or file,
// and hosts that an outsider chooses (request-forgery).
import type { Step } from '../workflow/step.ts'
import type { StepCommands } from '../shell/step-commands.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { secretCommands } from '../shell/secret-commands.ts'
import { requestsIn } from '../shell/request.ts'
import { isSecret, secretVariables } from '../workflow/secret-values.ts'
import { chosenHost } from '../workflow/chosen-host.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { inputOf, inputPair } from '../workflow/step-input.ts'
import { everyStep } from '../workflow/step.ts'
import { tokenLeftBy, uploadedCredentials, uploadOf } from '../workflow/uploaded-paths.ts'
import { defineRule } from './rule.ts'

export const secretExposure = defineRule({
  meta: {
    id: 'secret-exposure',
    summary: 'Keep secrets out of logs, artifacts and foreign hosts',
    severity: 'high',
    confidence: 'low',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['SecretsInArtifacts', 'SecretExfiltration'], octoscan: ['dangerous-artefact'] },
    messages: {
      token: {
        text: "this artifact takes the token along that the checkout on line {line} left in '{folder}'; upload only what the build made, or set 'persist-credentials: false'",
        confidence: 'medium',
      },
      credentials: { text: "this artifact takes '{entry}' along, where programs keep credentials; upload only what the build made", confidence: 'medium' },
      printed: { text: "'{command}' prints a secret to the log, and the log hides it only while nothing changes its letters; do not print it", profile: 'auditor' },
      encoded: { text: "'{command}' prints a secret in other letters, which the log does not hide; do not print it", profile: 'auditor' },
      traced: { text: "'{command}' prints every command of this script with the secrets in it, and the log does not hide their parts; remove it", profile: 'auditor' },
      host: { text: "'{expression}' chooses the host that this request sends a secret to; write the host out, or compare it with a list first", profile: 'auditor' },
    },
  },
  create(ctx) {
    return {
      step(step) {
        const uploaded = tokenIn(step)
        const entry = uploadedCredentials(step)
        const at = inputPair(step, 'path')?.value ?? step.node
        if (uploaded !== null) {
          const data = { line: ctx.file.lines.lineOf(uploaded.node.start), folder: inputOf(uploaded, 'path')?.text ?? '.' }
          ctx.report({ message: 'token', at: step.uses?.node ?? at, data })
        } else if (entry !== null) ctx.report({ message: 'credentials', at, data: { entry } })
        const secrets = step.run === null ? null : secretsOf(step)
        const script = secrets === null ? null : commandsOf(step, /\S/)
        if (script === null || secrets === null) return
        for (const { kind, command, text } of secretCommands(script, secrets)) ctx.report({ message: kind, at: script.rangeOf(command), data: { command: text } })
        for (const { command, host } of requestsIn(script)) {
          const expression = secrets(command) && host !== null ? chosenHost(step, host, ctx.repository) : null
          if (expression !== null) ctx.report({ message: 'host', at: script.rangeOf(command), data: { expression } })
        }
      },
    }
  },
})

/** The checkout before an upload whose token the upload takes along. */
function tokenIn(step: Step): Step | null {
  if (step.uses?.name.toLowerCase() !== 'actions/upload-artifact') return null
  const before = everyStep(step.job?.steps ?? step.action?.steps ?? []).filter(({ node }) => node.start < step.node.start)
  return before.find((checkout) => {
    const { uses } = checkout
    if (uses?.name.toLowerCase() !== 'actions/checkout' || !/^(?:true)?$/i.test(inputOf(checkout, 'persist-credentials')?.text ?? '')) return false
    return uploadOf([step], tokenLeftBy(checkout, uses)) !== undefined
  }) ?? null
}

/** Tells of a command of the step's script whether its words name a secret; null when the step has none. */
function secretsOf(step: Step): ((command: StepCommands['commands'][number]) => boolean) | null {
  const variables = secretVariables(step)
  const literals = [...new Set(step.run === null ? [] : expressionsIn(step.file.text, step.run).filter(isSecret).map(({ text }) => text))]
  if (variables.size === 0 && literals.length === 0) return null
  return ({ words }) => words.slice(1).some(({ text }) =>
    literals.some((literal) => text.includes(literal)) || [...text.matchAll(/\$(?:env:|\{)?([A-Za-z_]\w*)/g)].some(([, name = '']) => variables.has(name)))
}
