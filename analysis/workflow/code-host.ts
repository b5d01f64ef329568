// On which code host the workflows run: what the run says, corrected by what the host says of itself.
import type { Host } from '../analyse.ts'
import type { FactReader } from './running-version.ts'

/** Asks the host itself; until it answers the run's word holds. */
export function hostIn(ctx: FactReader & { readonly host: Host }): Host {
  ctx.want({ kind: 'host' })
  const answer = ctx.fact({ kind: 'host' })
  if (answer?.status !== 'known') return ctx.host
  return answer.value.name === 'ghes' ? { kind: 'ghes', version: answer.value.version } : { kind: 'github.com' }
}
