// Ends a reservation's holds: on each counter the part it took becomes what it used, and its id goes. Can be cut off and
// repeated at any time, by any process.
import { NOTHING, subtractAmounts, type Amounts } from './amounts.ts'
import type { CountersStore } from './counters-store.ts'
import type { ReservationDocument, ReservationsStore } from './reservations-store.ts'
import { subjectsOf } from './subjects.ts'

interface Parts {
  readonly counters: CountersStore
  readonly reservations: ReservationsStore
}

/** What an ended reservation has used; one that was never settled has used nothing. */
export const usedBy = ({ state, settled }: Pick<ReservationDocument, 'state' | 'settled'>): Amounts =>
  state === 'settled' && settled !== null ? settled : NOTHING

/** `stays`: the record is closed by the caller, or by the sweep. */
export async function closeReservation({ counters, reservations }: Parts, record: ReservationDocument, { stays = false } = {}): Promise<void> {
  const { _id: id, tenantId, day, asked } = record
  const own = counters.for(tenantId)
  const change = subtractAmounts(usedBy(record), asked)
  await Promise.all(subjectsOf(record).map((subject) => own.release(subject, { id, day, amounts: asked }, change)))
  if (!stays) await reservations.for(tenantId).close(id)
}
