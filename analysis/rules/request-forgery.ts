// Finds requests with a token whose host or path an outsider's value forms: the address of a request action, `curl`, `wget`,
// `gh api`, and the first argument of a request in `github-script`. Leaves out queries and bodies, ref names in a path, runs that
// somebody must approve, and expressions in scripts, which become code first (script-injection).
import type { Origin } from '../workflow/value-origin.ts'
import type { Range } from './rule.ts'
import type { RequestAction } from '../data/request-actions.ts'
import type { Repository } from '../workflow/repository.ts'
import type { ScriptRequest } from '../shell/request.ts'
import type { Step } from '../workflow/step.ts'
import { requestAction } from '../data/request-actions.ts'
import { handsOverToken } from '../permissions/token-access.ts'
import { requestsIn } from '../shell/request.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { isCarriedBy, isOutsiders } from '../workflow/code-expansions.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { payloadRequests } from '../workflow/payload-requests.ts'
import { isSecret, secretVariables } from '../workflow/secret-values.ts'
import { inputOf } from '../workflow/step-input.ts'
import { originsOf, variableSourcesOf } from '../workflow/value-origin.ts'
import { defineRule } from './rule.ts'

/** In characters; an expression that stands later in an address is in its path. */
const MAX_ADDRESS = 500

interface Forged {
  readonly at: Range
  readonly source: string
  readonly part: 'host' | 'path'
}

export const requestForgery = defineRule({
  meta: {
    id: 'request-forgery',
    summary: "Never build a request's address from an outsider's text",
    severity: 'medium',
    confidence: 'low',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['RequestForgery'] },
    messages: {
      host: "'{source}' is text of an outsider and chooses where this request, with its token, goes; write the host out",
      path: "'{source}' is text of an outsider and forms the path of a request that carries a token, so it can ask for something else; check it, or send it as a parameter",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const forged = forgedBy(step, ctx.repository)
        if (forged.length === 0 || !outsiderRunsOf(step, ctx.repository).some(({ guards }) => guards.size === 0)) return
        for (const { at, source, part } of forged) ctx.report({ message: part, at, data: { source } })
      },
    }
  },
})

function forgedBy(step: Step, repository: Repository): readonly Forged[] {
  if (step.run !== null) return inScript(step, repository)
  if (step.uses === null) return []
  if (step.uses.name.toLowerCase() === 'actions/github-script') return payloadRequests(step, (origins) => outsiderIn(step, origins, repository))
  const action = requestAction(step.uses.name)
  return action === undefined ? [] : inAction(step, action, repository)
}

function inAction(step: Step, { input, sendsToken }: RequestAction, repository: Repository): readonly Forged[] {
  const address = inputOf(step, input)
  if (address === null || !(sendsToken || handsOverToken(step.with) || mentionsSecret(step))) return []
  return expressionsIn(step.file.text, address).flatMap((span): Forged[] => {
    const origins = span.root === null ? [] : originsOf(span.root, { step, job: step.job }, repository)
    const before = step.file.text.slice(address.start, span.start)
    const part = before.length < MAX_ADDRESS && /^\W*(?:[A-Z]+\s+)?(?:https?:\/\/)?[^/\s]*$/.test(before) && !sendsToken ? 'host' : 'path'
    const source = before.includes('?') ? null : outsiderIn(step, origins, repository)?.path
    return source === undefined || source === null ? [] : [{ at: span, source, part }]
  })
}

const mentionsSecret = ({ with: inputs, file }: Step): boolean =>
  (inputs?.pairs ?? []).some(({ value }) => value.kind === 'scalar' && expressionsIn(file.text, value).some(isSecret))

function inScript(step: Step, repository: Repository): readonly Forged[] {
  const script = commandsOf(step, /\b(?:curl|wget|gh\s+api)\b/)
  return script === null ? [] : requestsIn(script).flatMap((request): Forged[] => {
    if (!carriesToken(step, request)) return []
    const at = script.rangeOf(request.command)
    const host = outsiderIn(step, originsIn(step, request.host ?? '', repository), repository)
    if (host !== null) return [{ at, source: host.path, part: 'host' }]
    const texts = originsIn(step, request.path, repository).filter(({ domain }) => domain === 'text')
    const path = outsiderIn(step, texts, repository)
    return path === null ? [] : [{ at, source: path.path, part: 'path' }]
  })
}

function originsIn(step: Step, text: string, repository: Repository): readonly Origin[] {
  const names = [...text.replace(/\$\{\{.{0,500}?\}\}/g, '').matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
  return names.flatMap((name) => variableSourcesOf(name, { step, job: step.job }, repository))
}

/** `gh api` always does; the others where a word of the command is a secret. */
function carriesToken(step: Step, { command, program }: ScriptRequest): boolean {
  if (program === 'gh api') return true
  const secrets = secretVariables(step)
  const words = command.words.slice(1).map(({ text }) => text)
  return words.some((text) => /\$\{\{[^}]{0,200}(?:secrets|github\.token)/i.test(text) || [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].some(([, name = '']) => secrets.has(name)))
}

function outsiderIn(step: Step, origins: readonly Origin[], repository: Repository): Origin | null {
  return origins.find((origin) => isOutsiders(origin, repository) && isCarriedBy(step, origin)) ?? null
}
