// Finds an outsider's text that becomes a part of the environment, the search path or the outputs that later steps get: written by a
// script, by an action that loads variables, or printed where a script sets outputs by printing. Leaves out values that nobody from
// outside is known to set (dynamic-env-write).
import type { Step } from '../workflow/step.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Uses } from '../workflow/uses.ts'
import { environmentSource } from '../data/environment-actions.ts'
import { isPrinter, redirectedUntil } from '../shell/printing.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { isCarriedBy, isOutsiders } from '../workflow/code-expansions.ts'
import { hasOutsiderFiles } from '../workflow/outsider-files.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { outsiderWriteOf } from '../workflow/outsider-write.ts'
import { scriptVariableOrigins } from '../workflow/script-variable.ts'
import { inputOf } from '../workflow/step-input.ts'
import { originsOf } from '../workflow/value-origin.ts'
import { defineRule } from './rule.ts'

const SHOWS_FILES = /^(?:cat|head|tail|ls|jq)$/
const FILES = { env: 'GITHUB_ENV', path: 'GITHUB_PATH', output: 'GITHUB_OUTPUT' } as const

const EFFECTS = {
  env: 'a line break in it sets variables of later steps',
  path: 'it decides which programs later steps run',
  output: 'a line break in it sets other outputs',
} as const

export const envInjection = defineRule({
  meta: {
    id: 'env-injection',
    summary: "Keep outsiders' text out of the environment of later steps",
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['github-env'],
      octoscan: ['dangerous-write'],
      codeql: ['EnvVarInjectionCritical', 'EnvVarInjectionMedium', 'EnvPathInjectionCritical', 'EnvPathInjectionMedium', 'OutputClobberingHigh'],
    },
    messages: {
      outsider: '{source} is text of an outsider and is written to {file}, where {effect}; check the value first',
      loaded: "'{uses}' sets variables of later steps from {source}, which an outsider may have written, LD_PRELOAD among them; read single values and check them",
      printed: '{source} is text of an outsider and is printed in a script that sets outputs by printing commands, so a line of it sets outputs too; write outputs to GITHUB_OUTPUT',
    },
  },
  create(ctx) {
    return {
      step(step) {
        const { run, uses } = step
        const loaded = uses === null ? null : loadedBy(step, uses, ctx.repository)
        if (uses !== null && loaded !== null) ctx.report({ message: 'loaded', at: uses.node, data: { uses: uses.name, source: loaded } })
        if (run === null) return
        const printed = printedBy(step, ctx.repository)
        if (printed !== null) ctx.report({ message: 'printed', at: run, data: { source: printed } })
        const written = outsiderWriteOf(step, ctx.repository)
        if (written === null) return
        const data = { source: written.path, file: FILES[written.target], effect: EFFECTS[written.target] }
        ctx.report({ message: 'outsider', at: run, data, severity: written.isPrivileged ? 'high' : 'medium' })
      },
    }
  },
})

/** What an outsider wrote and the action makes variables of, in a run with secrets: files of the workspace, or the text of an input. */
function loadedBy(step: Step, uses: Uses, repository: Repository): string | null {
  const from = environmentSource(uses.name)
  if (from === null || (step.job !== null && outsiderRunsOf(step, repository).length === 0)) return null
  if (from.input === null) return hasOutsiderFiles(step, repository) ? 'a file of the workspace' : null
  const text = inputOf(step, from.input)
  const origins = text === null ? [] : expressionsIn(step.file.text, text).flatMap(({ root }) => (root === null ? [] : originsOf(root, { step, job: step.job }, repository)))
  return origins.find((origin) => origin.domain === 'text' && isOutsiders(origin, repository) && isCarriedBy(step, origin))?.path ?? null
}

/** An outsider's text at the beginning of a line that the script prints, in a run with secrets. */
function printedBy(step: Step, repository: Repository): string | null {
  const script = commandsOf(step, /::set-output/)
  if (script === null || (step.job !== null && outsiderRunsOf(step, repository).length === 0)) return null
  const redirected = redirectedUntil(script.script.text)
  for (const command of script.commands) {
    if (command.isRedirected || command.depth > 0 || command.end < redirected) continue
    if (SHOWS_FILES.test(programOf(command)) && hasOutsiderFiles(step, repository)) return `what '${programOf(command)}' shows`
    const text = isPrinter(command) ? command.words.slice(1).find((word) => !/^-[a-zA-Z]+$|^%s/.test(word.text)) : undefined
    const name = text === undefined || text.isLiteral ? undefined : /^\$\{?(\w+)/.exec(text.text)?.[1]
    const origins = name === undefined ? [] : scriptVariableOrigins(step, name, repository)
    const origin = origins.find((one) => one.domain === 'text' && isOutsiders(one, repository) && isCarriedBy(step, one))
    if (origin !== undefined) return origin.path
  }
  return null
}
