// One owner's part of GitHub: an emulator of its own, since the emulator takes owners only at its start. What is behind it acts
// with every right; who may do what is decided before (permissions.ts). It is asked with undici, which no interceptor sees.
import { createEmulator } from 'emulate'
import { Agent, request } from 'undici'
import type { GatewayAnswer } from './gateway-request.ts'
import { APP_BOT } from './tokens.ts'

export interface OwnerOptions {
  readonly login: string
  /** GitHub's numeric id; absent: the next free one. */
  readonly id?: number
  /** Logins that can author commits; `mona` is always there. */
  readonly people?: readonly string[]
  /** Absent: an organisation. */
  readonly type?: OwnerType
}

export type OwnerType = 'Organization' | 'User'

export interface EmulatedOwner {
  readonly login: string
  readonly id: number
  readonly type: OwnerType
  /** Where the emulator believes to be: the prefix of the addresses in its answers. */
  readonly innerUrl: string
  /** Asks the emulator as `actor`, without log, limits or faults. */
  ask(call: EmulatorCall): Promise<GatewayAnswer>
  /** `ask`, with a parsed answer; throws when the status is not 2xx. */
  tell<T>(call: EmulatorCall): Promise<T>
  close(): Promise<void>
}

interface EmulatorCall {
  readonly method: string
  /** With query. */
  readonly path: string
  readonly body?: unknown
  readonly raw?: Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly actor?: string
}

export const PERSON = 'mona'

/** The emulator counts 5,000 requests an hour for each token; each actor takes turns with several of them. */
const TOKENS_PER_ACTOR = 200

export async function startEmulatedOwner(options: OwnerOptions & { readonly id: number }): Promise<EmulatedOwner> {
  const actors = [APP_BOT, PERSON, ...(options.people ?? [])]
  const emulator = await createEmulator({ service: 'github', port: 0, seed: seedFor(options.login, actors) })
  const agent = new Agent({ keepAliveTimeout: 1_000 })
  let turn = 0
  const ask = async (call: EmulatorCall): Promise<GatewayAnswer> => {
    turn = (turn + 1) % TOKENS_PER_ACTOR
    const body = call.raw?.length ? call.raw : call.body === undefined ? null : JSON.stringify(call.body)
    const type = body ? { 'content-type': 'application/json' } : {}
    const answer = await request(`http://127.0.0.1:${new URL(emulator.url).port}${call.path}`, {
      method: call.method as 'GET',
      dispatcher: agent,
      headers: { ...call.headers, ...type, authorization: `Bearer ${innerToken(call.actor ?? PERSON, turn)}` },
      body,
    })
    return { status: answer.statusCode, headers: kept(answer.headers), body: Buffer.from(await answer.body.arrayBuffer()) }
  }
  return {
    login: options.login,
    id: options.id,
    type: options.type ?? 'Organization',
    innerUrl: emulator.url,
    ask,
    async tell<T>(call: EmulatorCall): Promise<T> {
      const answer = await ask(call)
      const text = answer.body.toString('utf8')
      if (answer.status >= 300) throw new Error(`the emulator answered ${answer.status} to ${call.method} ${call.path}: ${text}`)
      return (text ? JSON.parse(text) : null) as T
    },
    async close() {
      await agent.destroy()
      await emulator.close()
    },
  }
}

function seedFor(login: string, actors: readonly string[]) {
  const tokens: Record<string, { login: string }> = {}
  for (const actor of actors) for (let turn = 0; turn < TOKENS_PER_ACTOR; turn += 1) tokens[innerToken(actor, turn)] = { login: actor }
  return {
    tokens,
    github: {
      users: actors.map((actor) => ({ login: actor, name: actor, email: `${actor}@users.noreply.github.com` })),
      orgs: [{ login, name: login, members: actors.map((actor) => ({ login: actor, role: 'admin' })) }],
    },
  }
}

function innerToken(actor: string, turn: number): string {
  return `inner-${actor}-${turn}`
}

/** The emulator's own limits and dates say nothing about GitHub; only what describes the body goes on. */
function kept(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of ['content-type', 'link', 'location']) {
    const value = headers[name]
    if (typeof value === 'string') result[name] = value
  }
  return result
}
