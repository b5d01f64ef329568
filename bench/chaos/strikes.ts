// Who is struck when: processes of the service, and the database under them.
import { setTimeout as pause } from 'node:timers/promises'
import type { KillableServer } from '../../test/database/killable-server.ts'
import type { Fleet, Strike } from './fleet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

interface Parts {
  readonly fleet: Fleet
  readonly server: Pick<KillableServer, 'kill' | 'restart'>
  readonly random: Random
  readonly tally: Tally
}

const DATABASE_SHARE = 0.2
const HOW: readonly Strike[] = ['kill', 'kill', 'kill', 'stop', 'freeze', 'freeze']
const DOWN_MS = { from: 200, to: 3_000 }
/** Longer than a lease, so that another worker takes over what a frozen one holds. */
const FROZEN_MS = { from: 5_000, to: 8_000 }

/** Strike after strike until the signal ends it; resolves when everything that was struck is back. */
export async function strikeOnAndOn({ fleet, server, random, tally }: Parts, signal: AbortSignal): Promise<void> {
  const open: Promise<void>[] = []
  while (!signal.aborted) {
    await pause(random.whole(1_000, 5_000), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    if (random.chance(DATABASE_SHARE)) {
      tally.add('strikes', 'kill database, and restart')
      await server.kill()
      await pause(random.whole(500, 5_000))
      await server.restart()
      continue
    }
    const how = random.pick(HOW)
    const { from, to } = how === 'freeze' ? FROZEN_MS : DOWN_MS
    open.push(fleet.strike(random.pick(fleet.names), how, random.whole(from, to)))
  }
  await Promise.all(open)
}
