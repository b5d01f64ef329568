// Refreshes the list `tokenless` of analysis/data/permissions.json from the code host: JavaScript and Docker actions that take no
// token by default, at their newest release in actions.json. What an action does with a token is read by people, and stays.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ActionFact, FactRequest } from '../analysis/fact.ts'
import type { AskedCodeHost } from './ask-code-host.ts'
import { codeHostOfEnvironment, reportUnanswered, todayStamp } from './ask-code-host.ts'

export interface TokenUse {
  readonly tokenless: readonly string[]
  /** Actions whose needs are listed one by one. */
  readonly actions: Readonly<Record<string, unknown>>
  readonly rateLimitOnly: readonly string[]
}

const DATA = join(import.meta.dirname, '..', 'analysis/data')

/** `popular`: name to line of actions.json. */
export async function refreshTokenless(data: TokenUse, popular: Readonly<Record<string, string>>, host: AskedCodeHost): Promise<readonly string[]> {
  const listed = new Set([...Object.keys(data.actions), ...data.rateLimitOnly])
  const requests = new Map(Object.entries(popular).flatMap(([name, line]): [string, Extract<FactRequest, { kind: 'action' }>][] => {
    const ref = line.split(' | ').at(-1)?.split(' ')[3] ?? '-'
    return listed.has(name) || ref === '-' ? [] : [[name, { kind: 'action', name, ref }]]
  }))
  await host.ask([...requests.values()])
  const before = new Set(data.tokenless)
  return [...new Set([...data.tokenless, ...requests.keys()])].sort().filter((name) => {
    const request = requests.get(name)
    const action = request === undefined ? undefined : host.known(request)
    return action === undefined ? before.has(name) : isTokenless(action)
  })
}

/** A composite action can hold the token through what it uses. */
const isTokenless = ({ runtime, inputs }: ActionFact): boolean =>
  (runtime?.startsWith('node') === true || runtime === 'docker') && !inputs.some(({ takesToken }) => takesToken)

/** The file's text with another list and date; every other line stays. */
export function withTokenless(text: string, names: readonly string[], today: string): string {
  return text
    .replace(/^ "tokenless": \[.*\],$/m, ` "tokenless": [${names.map((name) => JSON.stringify(name)).join(', ')}],`)
    .replace(/^ "asOf": ".*",$/m, ` "asOf": "${today}",`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const host = codeHostOfEnvironment()
  const file = join(DATA, 'permissions.json')
  const text = readFileSync(file, 'utf8')
  const { actions } = JSON.parse(readFileSync(join(DATA, 'actions.json'), 'utf8')) as { actions: Record<string, string> }
  const names = await refreshTokenless(JSON.parse(text) as TokenUse, actions, host)
  writeFileSync(file, withTokenless(text, names, todayStamp()))
  reportUnanswered(host)
}
