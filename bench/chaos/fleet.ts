// The service's processes: started, killed, stopped, frozen, and started again as an orchestrator does, however often that fails.
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import type { RunningService } from '../../test/service/start-service.ts'
import type { Tally } from './tally.ts'

type FleetRole = 'api' | 'worker'
/** kill: SIGKILL. stop: SIGTERM, as a deployment does. freeze: stands still, believed dead by the others, and goes on. */
export type Strike = 'kill' | 'stop' | 'freeze'

export interface Fleet {
  readonly names: readonly string[]
  /** Addresses of the APIs that are believed to run. */
  apis(): readonly string[]
  /** Ends or freezes one for this long; resolves when it is back. One that is down already is left alone. */
  strike(name: string, how: Strike, ms: number): Promise<void>
  /** What every process has printed, those that were killed too. */
  outputs(): readonly { readonly name: string; readonly text: string }[]
  close(): Promise<void>
}

interface Member {
  readonly name: string
  readonly role: FleetRole
  /** Null while it is down. */
  service: RunningService | null
  isStruck: boolean
}

interface Parts {
  readonly start: (role: FleetRole) => Promise<RunningService>
  readonly tally: Tally
}

const BOOT_AGAIN_MS = 500
const LAST_WORDS = 300

export async function startFleet(parts: Parts, sizes: Readonly<Record<FleetRole, number>>): Promise<Fleet> {
  const members = (['api', 'worker'] as const).flatMap((role) => Array.from({ length: sizes[role] }, (_, index): Member => ({ name: `${role}-${index + 1}`, role, service: null, isStruck: false })))
  const printed: { name: string; service: RunningService }[] = []
  const expected = new WeakSet<RunningService>()
  let closing = false

  async function boot(member: Member): Promise<void> {
    while (!closing) {
      try {
        const service = await parts.start(member.role)
        member.service = service
        printed.push({ name: `${member.name}.${printed.length}`, service })
        void service.ended.then(({ code }) => (expected.has(service) || closing ? undefined : mourn(member, service, code)))
        return
      } catch {
        parts.tally.add('strikes', 'starts that failed, and were repeated')
        await pause(BOOT_AGAIN_MS)
      }
    }
  }

  async function mourn(member: Member, service: RunningService, code: number | null): Promise<void> {
    parts.tally.wrong(`${member.name} ended by itself with ${code}: ${service.output().slice(-LAST_WORDS).trim()}`)
    member.service = null
    await boot(member)
  }

  async function end(member: Member, service: RunningService, signal: 'SIGKILL' | 'SIGTERM', ms: number): Promise<void> {
    expected.add(service)
    member.service = null
    const { code } = await service.kill(signal)
    if (signal === 'SIGTERM' && code !== 0) parts.tally.wrong(`${member.name} ended with ${code} when it was asked to stop: ${service.output().slice(-LAST_WORDS).trim()}`)
    await pause(ms)
    await boot(member)
  }

  await Promise.all(members.map(boot))
  return {
    names: members.map(({ name }) => name),
    apis: () => members.flatMap(({ role, service }) => (role === 'api' && service !== null ? [service.url] : [])),
    strike: async (name, how, ms) => {
      const member = members.find((each) => each.name === name)
      if (!member?.service || member.isStruck) return
      member.isStruck = true
      parts.tally.add('strikes', `${how} ${member.role}`)
      await (how === 'freeze' ? freeze(member.service.pid, ms) : end(member, member.service, how === 'kill' ? 'SIGKILL' : 'SIGTERM', ms))
      member.isStruck = false
    },
    outputs: () => printed.map(({ name, service }) => ({ name, text: service.output() })),
    close: async () => {
      closing = true
      await Promise.all(members.flatMap(({ service }) => (service === null ? [] : [service.kill('SIGKILL')])))
    },
  }
}

async function freeze(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await pause(ms)
  process.kill(pid, 'SIGCONT')
}
