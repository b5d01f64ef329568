// Finds scripts that write computed values into the environment or the search path of later steps where an outsider can start
// the run, and an outsider's own text written there or into outputs, by a script or by an action that loads variables, or printed
// where a script sets outputs by printing. Leaves out literals and what only the runner sets.
import type { ScalarNode } from '../source/node.ts'
import type { Step } from '../workflow/step.ts'
import type { ScriptWrite } from '../workflow/script-writes.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Uses } from '../workflow/uses.ts'
import { environmentSource } from '../data/environment-actions.ts'
import { variableOf } from '../permissions/token-access.ts'
import { environmentLines } from '../shell/environment-lines.ts'
import { isPrinter, redirectedUntil } from '../shell/printing.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { shorten } from '../shorten.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { isCarriedBy, isOutsiders } from '../workflow/code-expansions.ts'
import { hasOutsiderFiles } from '../workflow/outsider-files.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { scriptVariableOrigins } from '../workflow/script-variable.ts'
import { writesOf } from '../workflow/script-writes.ts'
import { inputOf } from '../workflow/step-input.ts'
import { originsOf, writeSourcesOf } from '../workflow/value-origin.ts'
import { defineRule } from './rule.ts'

const PRIVILEGED: ReadonlySet<string> = new Set(['pull_request_target', 'workflow_run'])
/** `::set-env` and `::add-path` only work where somebody switched them on again. */
const WRITES = /GITHUB_(?:ENV|PATH|OUTPUT)|::(?:set-env|add-path)/i
const SHOWS_FILES = /^(?:cat|head|tail|ls|jq)$/
const FILES = { env: 'GITHUB_ENV', path: 'GITHUB_PATH', output: 'GITHUB_OUTPUT' } as const

/** CodeQL follows what an outsider writes; that nobody knows who wrote it is no finding there. */
const NOT_CODEQL = { codeql: [] } as const

const EFFECTS = {
  env: 'a line break in it sets variables of later steps',
  path: 'it decides which programs later steps run',
  output: 'a line break in it sets other outputs',
} as const

export const envInjection = defineRule({
  meta: {
    id: 'env-injection',
    summary: 'Write only literals to the environment of later steps',
    severity: 'high',
    confidence: 'low',
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
      dynamic: "'{line}' writes a computed value to {file}, and a line break in it sets variables such as LD_PRELOAD for later steps; hand it on as a step output",
      outsider: {
        text: "{source} is text of an outsider and is written to {file}, where {effect}; check the value first",
        confidence: 'high',
      },
      loaded: {
        text: "'{uses}' sets variables of later steps from {source}, which an outsider may have written, LD_PRELOAD among them; read single values and check them",
        confidence: 'high',
      },
      printed: {
        text: '{source} is text of an outsider and is printed in a script that sets outputs by printing commands, so a line of it sets outputs too; write outputs to GITHUB_OUTPUT',
        confidence: 'high',
      },
    },
  },
  create(ctx) {
    return {
      step(step) {
        const { run, job, uses } = step
        const loaded = uses === null ? null : loadedBy(step, uses, ctx.repository)
        if (uses !== null && loaded !== null) ctx.report({ message: 'loaded', at: uses.node, data: { uses: uses.name, source: loaded } })
        if (run === null) return
        const printed = printedBy(step, ctx.repository)
        if (printed !== null) ctx.report({ message: 'printed', at: run, data: { source: printed } })
        if (!WRITES.test(run.text)) return
        const source = outsidersWrite(step, run, ctx.repository)
        if (source !== null) {
          const data = { source: source.path, file: FILES[source.target], effect: EFFECTS[source.target] }
          ctx.report({ message: 'outsider', at: run, data, severity: source.isPrivileged ? 'high' : 'medium' })
          return
        }
        if (job !== null && !job.workflow.triggers.some(({ name }) => PRIVILEGED.has(name))) return
        const line = environmentLines(step.file.text.slice(run.start, run.end)).find(({ isLiteral }) => !isLiteral)
        if (line !== undefined) ctx.report({ message: 'dynamic', at: run, data: { line: shorten(line.text), file: line.file }, equivalents: NOT_CODEQL })
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

interface OutsidersWrite {
  readonly target: ScriptWrite['target']
  readonly path: string
  readonly isPrivileged: boolean
}

/** The first write of a value that an outsider sets; expressions become code before they are values (script-injection). */
function outsidersWrite(step: Step, run: ScalarNode, repository: Repository): OutsidersWrite | null {
  if (!/GITHUB_(?:ENV|PATH|OUTPUT)/i.test(run.text) && variableOf(step, 'ACTIONS_ALLOW_UNSECURE_COMMANDS') !== 'true') return null
  for (const write of writesOf(step.file.text, run)) {
    const origins = writeSourcesOf(step, { ...write, expressions: [] }, repository).filter((origin) => isOutsiders(origin, repository))
    // A line break has to fit in: a ref name has none, but a folder of the search path needs none.
    const [origin] = origins.filter(({ domain, path, isLine }) => (domain === 'text' && isLine !== true && !ONE_LINE.test(path)) || write.target === 'path')
    if (origin === undefined) continue
    const isPrivileged = step.job === null || outsiderRunsOf(step, repository).length > 0
    // A run without secrets executes the outsider's files anyway.
    const isText = isCarriedBy(step, origin) && origin.readBy === undefined
    if (isPrivileged || (isText && write.target !== 'output')) return { target: write.target, path: origin.path, isPrivileged }
  }
  return null
}

/** Fields that GitHub keeps on one line. */
const ONE_LINE = /\.(?:title|name|ref|label|login|email|default_branch)$/
