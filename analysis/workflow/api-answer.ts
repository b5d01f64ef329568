// What a step that asks GitHub's API hands on: actions/github-script and octokit/request-action. Reads the route or the script
// just far enough to tell what an outsider wrote into the answer.
import type { Step } from './step.ts'
import { inputOf } from './step-input.ts'

const PULL = 'github.event.pull_request'
const ISSUE = 'github.event.issue'
const MAX_SCRIPT = 65_536
const PAYLOAD = /\bcontext\s*\.\s*payload\s*\.\s*((?:[A-Za-z_]\w*\s*[?!]?\.\s*)*[A-Za-z_]\w*)/g
/** `pull.data.title`, of what the script asked for. */
const ANSWER = /\b(?:pr|pull|issue|data|response)\w*\s*\.\s*(title|body)\b/i
const ASKS = /\b(pulls|issues)\s*\.\s*get\s*\(/
const HEAD = /\.head\s*\.\s*(ref|sha|label|repo\s*\.\s*\w+)\b/

/** The context paths that carry the same as `outputs.OUTPUT.below...` (in lower case); empty when nothing is known of it. */
export function apiAnswer(step: Step, output: string, below: readonly string[]): readonly string[] {
  switch (step.uses?.name.toLowerCase()) {
    case 'octokit/request-action': return output === 'data' ? ofRoute(inputOf(step, 'route')?.text ?? '').map((base) => [base, ...below].join('.')) : []
    case 'actions/github-script': return ofScript(inputOf(step, 'script')?.text ?? '', output, below)
    default: return []
  }
}

/** `GET /repos/o/r/pulls/1` answers with a pull request, `.../comments` with what people wrote. */
function ofRoute(route: string): readonly string[] {
  if (!/^\s*GET\b/i.test(route) && !/^\s*\$\{\{/.test(route)) return []
  if (/\/comments\b/.test(route)) return ['github.event.comment']
  if (/\/pulls\b|pull_request\.url/.test(route)) return [PULL]
  return /\/issues\b|issue\.url/.test(route) ? [ISSUE] : []
}

function ofScript(script: string, output: string, below: readonly string[]): readonly string[] {
  if (script.length > MAX_SCRIPT) return []
  if (output === 'result') return /\breturn\b/.test(script) ? ofReturned(script, below) : []
  // The name of the output, then what is set: up to the end of the statement.
  const call = new RegExp(`setOutput\\(\\s*['"\`]${output.replace(/[^\w-]/g, '.')}['"\`]\\s*,([^\\n]{1,500})`, 'i').exec(script)?.[1]
  return call === undefined ? [] : ofValue(call, script)
}

/** A script that returns a pull request, or an object with its parts: `return { sha: pr.head.sha }`. */
function ofReturned(script: string, below: readonly string[]): readonly string[] {
  const returned = [...script.matchAll(/\breturn\b([^;]{0,500})/g)].map(([, text = '']) => text)
  const [field] = below
  const known = returned.flatMap((text) => {
    const part = field === undefined ? text : new RegExp(`\\b${field.replace(/\W/g, '.')}['"]?\\s*:\\s*([^,}\\n]{1,300})`, 'i').exec(text)?.[1]
    return part === undefined ? [] : ofValue(part, script)
  })
  if (known.length > 0) return known
  return /\bpulls\s*\.\s*get\s*\(/.test(script) && returned.some((text) => /\bdata\b/.test(text)) ? [[PULL, ...below].join('.')] : []
}

function ofValue(text: string, script: string): readonly string[] {
  const payload = [...text.matchAll(PAYLOAD)].map(([, path = '']) => `github.event.${path.replace(/[\s?!]/g, '').toLowerCase()}`)
  const head = HEAD.exec(text)
  if (head !== null && payload.length === 0) return [`${PULL}.head.${(head[1] ?? '').replace(/\s/g, '').toLowerCase()}`]
  if (payload.length > 0) return payload
  const [, field] = ANSWER.exec(text) ?? []
  const asked = field === undefined ? null : ASKS.exec(script)?.[1]
  if (field !== undefined && asked) return [`${asked === 'pulls' ? PULL : ISSUE}.${field}`]
  const variable = /^\s*([A-Za-z_]\w*)\s*\)/.exec(text)?.[1]
  const assigned = variable === undefined || script === '' ? null : new RegExp(`\\b${variable}\\s*=\\s*([^\\n]{1,500})`).exec(script)?.[1]
  return assigned ? ofValue(assigned, '') : []
}
