// Facts: what a rule must know from outside. A rule asks with ctx.want(request) and reads ctx.fact(request);
// whoever runs the engine answers between the first pass and the second (facts/), or does not.

export type FactRequest =
  /** The commit that a tag or branch of a repository points to now. */
  | { readonly kind: 'ref'; readonly repository: string; readonly ref: string }
  /** Published releases, newest first. */
  | { readonly kind: 'releases'; readonly repository: string }

export interface RefFact {
  /** 40 hex digits. */
  readonly commit: string
  readonly type: 'tag' | 'branch'
}

export interface Release {
  readonly tag: string
  /** ISO 8601, UTC. */
  readonly publishedAt: string
  readonly prerelease: boolean
}

export interface ReleasesFact {
  readonly releases: readonly Release[]
}

export interface FactValues {
  readonly ref: RefFact
  readonly releases: ReleasesFact
}

/** `unknown` says why, in words that the report can print ("not found, or private", "rate limited"). */
export type FactAnswer<K extends keyof FactValues = keyof FactValues> =
  | { readonly status: 'known'; readonly value: FactValues[K] }
  | { readonly status: 'unknown'; readonly reason: string }

/** Answers by `factKey`. */
export type Facts = ReadonlyMap<string, FactAnswer>

export const NO_FACTS: Facts = new Map()

/** Repository names are compared without case, as GitHub does; refs with case. */
export function factKey(request: FactRequest): string {
  const repository = request.repository.toLowerCase()
  return request.kind === 'ref' ? `ref:${repository}@${request.ref}` : `releases:${repository}`
}

/** The known answer, or undefined; either way `wanted` notes that somebody needed it. */
export function factFor<K extends keyof FactValues>(
  request: Extract<FactRequest, { kind: K }>,
  { facts, wanted }: { readonly facts: Facts; readonly wanted: Map<string, FactRequest> },
): FactValues[K] | undefined {
  const key = factKey(request)
  const answer = facts.get(key)
  wanted.set(key, request)
  // The key carries the kind, so a value under it is of that kind.
  return answer?.status === 'known' ? (answer.value as FactValues[K]) : undefined
}
