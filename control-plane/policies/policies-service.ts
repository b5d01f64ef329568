// An organisation's policy: read with its version, replaced only by who has seen the newest one, and looked at before it is saved.
import { DEFAULT_POLICY, type Policy } from '../../analysis/policy/policy.ts'
import type { Severity } from '../../analysis/finding.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { actorOf, type Principal } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import type { FindingsStore } from '../findings/findings-store.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { PolicyVersion, PolicyVersionsStore } from './policy-versions-store.ts'
import { previewGolden, previewPolicy, type GoldenPreview, type Preview } from './preview-policy.ts'
import { readPolicyText } from './read-policy-text.ts'

export interface NewPolicy {
  readonly text: string
  readonly reason: string
}

export interface CurrentPolicy {
  /** 0: no organisation policy was ever written. */
  readonly version: number
  readonly policy: Policy
}

export interface PoliciesService {
  /** Version 0 with an empty text before the first. */
  get(tenantId: string): Promise<PolicyVersion>
  /** Throws POLICY_INVALID, or POLICY_CHANGED when `seen` is not the newest version. */
  put(policy: NewPolicy, context: { readonly principal: Principal; readonly seen: number; readonly correlationId: string }): Promise<PolicyVersion>
  versions(tenantId: string, page: Page): Promise<{ readonly items: PolicyVersion[]; readonly next: string | null }>
  /** Throws POLICY_INVALID. */
  preview(tenantId: string, draft: { readonly text: string; readonly failOn: Severity }): Promise<Preview & { readonly golden: readonly GoldenPreview[] }>
  /** Of a repository, as the code host said them last; null where nobody knows them. */
  topicsOf(tenantId: string, repositoryId: string): Promise<readonly string[] | null>
  /** What analyses run under. */
  current(tenantId: string): Promise<CurrentPolicy>
}

interface Parts {
  readonly store: PolicyVersionsStore
  readonly findings: FindingsStore
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly audit: AuditStore
  readonly clock: Clock
}

const PAGE = 1_000
const NONE: PolicyVersion = { version: 0, text: '', by: 'service', reason: 'no policy was written', at: new Date(0) }

export function createPoliciesService(parts: Parts): PoliciesService {
  const { store, audit, clock } = parts
  const today = () => clock().toISOString().slice(0, 10)
  const get = async (tenantId: string) => (await store.for(tenantId).newest()) ?? NONE
  const policyOf = ({ version, text }: PolicyVersion) => (version === 0 ? DEFAULT_POLICY : readPolicyText(text, today()))
  return {
    get,
    put: async ({ text, reason }, { principal, seen, correlationId }) => {
      const { tenantId } = principal
      readPolicyText(text, today())
      const before = await get(tenantId)
      const version = { version: seen + 1, text, by: actorOf(principal), reason }
      if (before.version !== seen || !(await store.for(tenantId).add(version))) throw new AppError('POLICY_CHANGED', { detail: `the newest is version ${before.version}` })
      await audit.for(tenantId).append({ actor: version.by, action: 'policy.changed', subject: String(version.version), details: { before: before.text, after: text, reason }, correlationId })
      return get(tenantId)
    },
    versions: async (tenantId, page) => {
      const items = await store.for(tenantId).list(page)
      return { items, next: items.length === page.limit ? String(items.at(-1)?.version ?? '') : null }
    },
    preview: async (tenantId, { text, failOn }) => {
      const draft = readPolicyText(text, today())
      const findings = await openFindings(parts, tenantId)
      const known = [...(await parts.repositories.for(tenantId).known()).values()].filter(({ isPresent }) => isPresent)
      return { ...previewPolicy({ findings, current: policyOf(await get(tenantId)), draft, failOn, today: today() }), golden: previewGolden(draft, known) }
    },
    topicsOf: async (tenantId, repositoryId) => (await parts.repositories.for(tenantId).get(repositoryId))?.topics?.names ?? null,
    current: async (tenantId) => {
      const newest = await get(tenantId)
      return { version: newest.version, policy: policyOf(newest) }
    },
  }
}

async function openFindings({ findings }: Parts, tenantId: string) {
  const own = findings.for(tenantId)
  const all: Awaited<ReturnType<typeof own.list>> = []
  for (let after: string | undefined; ; ) {
    const page = await own.list({ state: 'open' }, { after, limit: PAGE })
    all.push(...page)
    after = page.at(-1)?._id
    if (page.length < PAGE) return all
  }
}
