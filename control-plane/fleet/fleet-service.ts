// How the pipelines of an organisation stand, from what analyses left with each repository: no finding is read for it.
import type { FleetDivergence } from '../../analysis/drift/fleet-divergence.ts'
import { fleetDivergence } from '../../analysis/drift/fleet-divergence.ts'
import { placedEnds, type PlacedEnd } from '../../analysis/report/fleet-calendar.ts'
import { fleetReport, type FleetMember, type FleetReport } from '../../analysis/report/fleet-report.ts'
import { renderIcalendar } from '../../analysis/report/icalendar.ts'
import type { Clock } from '../clock.ts'
import type { PullRequestsService } from '../pull-requests/pull-requests-service.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { toFleetMember } from './fleet-member.ts'

/** Repositories that the code host gives no access to any more are in none of the answers. */
export interface FleetService {
  report(tenantId: string): Promise<FleetReport>
  divergence(tenantId: string): Promise<FleetDivergence & { readonly repositories: number }>
  calendar(tenantId: string): Promise<{ readonly today: string; readonly ends: readonly PlacedEnd[] }>
  /** RFC 5545; lines end with CRLF. */
  icalendar(tenantId: string): Promise<string>
}

interface Parts {
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly pullRequests: Pick<PullRequestsService, 'open' | 'budget'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clock: Clock
}

export function createFleetService(parts: Parts): FleetService {
  const { tenants, pullRequests, clock } = parts
  const today = () => clock().toISOString().slice(0, 10)
  const titleOf = async (tenantId: string): Promise<string> => `Pipelines of ${(await tenants.get(tenantId))?.ownerName ?? tenantId}`
  return {
    report: async (tenantId) => {
      const { dayEndsAt: _dayEndsAt, ...use } = await pullRequests.budget(tenantId)
      return fleetReport(await membersOf(parts, tenantId, await pullRequests.open(tenantId)), { title: await titleOf(tenantId), today: today(), pullRequests: use })
    },
    divergence: async (tenantId) => {
      const members = await membersOf(parts, tenantId)
      return { repositories: members.length, ...fleetDivergence(members) }
    },
    calendar: async (tenantId) => ({ today: today(), ends: placedEnds(await membersOf(parts, tenantId), today()) }),
    icalendar: async (tenantId) => {
      const ends = placedEnds(await membersOf(parts, tenantId), today())
      const entries = ends.map(({ places, ...end }) => ({ ...end, places: places.map(({ repository, path, line }) => ({ path: `${repository}/${path}`, line })) }))
      return renderIcalendar(entries, { name: await titleOf(tenantId), today: today(), scope: tenantId })
    },
  }
}

async function membersOf({ repositories, clock }: Parts, tenantId: string, open?: Awaited<ReturnType<PullRequestsService['open']>>): Promise<readonly FleetMember[]> {
  const members: FleetMember[] = []
  for await (const repository of repositories.for(tenantId).present()) {
    const pullRequest = open === undefined ? {} : { pullRequest: open.get(repository.repositoryId) ?? null }
    members.push({ ...toFleetMember(repository, clock()), ...pullRequest })
  }
  return members
}
