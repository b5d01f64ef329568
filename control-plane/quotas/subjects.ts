// Who a quota is for. `tenant`, `repository:ID` and `actor:ACTOR`; `repository:*` and `actor:*` hold for each one without a
// quota of its own.
import { AppError } from '../errors.ts'

export const KINDS = ['actor', 'repository', 'tenant'] as const
export type SubjectKind = (typeof KINDS)[number]

export interface Subject {
  readonly kind: SubjectKind
  /** The actor or the repository's id; empty for the tenant itself. */
  readonly id: string
}

const LONGEST = 200
/** What parseQuotaId takes, for the API's document. */
export const QUOTA_ID = /^(tenant|(actor|repository):[\x21-\x7e]+)$/

/** In the one order in which limits are taken; the tenant's comes last. */
export const subjectsOf = ({ actor, repositoryId }: { readonly actor: string; readonly repositoryId: string }): readonly Subject[] =>
  [{ kind: 'actor', id: actor }, { kind: 'repository', id: repositoryId }, { kind: 'tenant', id: '' }]

export const quotaIdOf = ({ kind, id }: Subject): string => (kind === 'tenant' ? 'tenant' : `${kind}:${id}`)

/** Throws QUOTA_ID_INVALID. */
export function parseQuotaId(text: string): Subject {
  const [kind = '', ...rest] = text.split(':')
  const id = rest.join(':')
  if (text === 'tenant') return { kind: 'tenant', id: '' }
  if ((kind === 'actor' || kind === 'repository') && /^[\x21-\x7e]+$/.test(id) && text.length <= LONGEST) return { kind, id }
  throw new AppError('QUOTA_ID_INVALID', { detail: `'${text.slice(0, LONGEST)}'; it is written tenant, repository:ID, repository:*, actor:ACTOR or actor:*` })
}

/** The quotas that can hold for a subject, the nearest first. */
export const quotaIdsFor = (subject: Subject): readonly string[] =>
  subject.kind === 'tenant' ? ['tenant'] : [quotaIdOf(subject), `${subject.kind}:*`]
