// Facts: what a rule must know from outside. A rule asks with ctx.want(request) and reads ctx.fact(request);
// whoever runs the engine answers between the first pass and the second (facts/), or does not.

export type FactRequest =
  /** The commit that a tag or branch of a repository points to now. */
  | { readonly kind: 'ref'; readonly repository: string; readonly ref: string }
  /** Published releases, newest first. */
  | { readonly kind: 'releases'; readonly repository: string }
  /** What became of a repository. `withOwner` also asks whether its owner is verified, which costs a request of its own. */
  | { readonly kind: 'repository'; readonly repository: string; readonly withOwner?: true }
  /** Whether a commit belongs to the repository, and which tags point to it. */
  | { readonly kind: 'commit'; readonly repository: string; readonly commit: string }
  /** The metadata of an action or called workflow, `owner/repo[/path]`, at a ref. */
  | { readonly kind: 'action'; readonly name: string; readonly ref: string }
  /** The digest behind an image's tag: `node:24`, `ghcr.io/owner/name`. */
  | { readonly kind: 'image'; readonly image: string }
  /** Published advisories of a package: `owner/repo` for actions. */
  | { readonly kind: 'advisories'; readonly ecosystem: 'actions' | 'other'; readonly package: string }
  /** Which code host answers. */
  | { readonly kind: 'host' }

export interface RefFact {
  /** 40 hex digits. */
  readonly commit: string
  readonly type: 'tag' | 'branch'
  /** The tag's name is a branch's too. */
  readonly isBranchToo?: true
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

/** `gone`: not even its owner exists any more. A repository that is missing below a living owner may be private: that is unknown. */
export type RepositoryFact =
  | { readonly state: 'gone' }
  | {
    readonly state: 'present'
    /** Its name now; another than the one asked for when it was renamed or moved. */
    readonly name: string
    readonly isArchived: boolean
    readonly visibility: 'public' | 'private'
    /** Null when that was not asked, or cannot be known. */
    readonly isOwnerVerified: boolean | null
  }

export interface CommitFact {
  /** False: it can be read there, but no branch or tag leads to it, as it is with a fork's. */
  readonly isInRepository: boolean
  /** Names of the tags that point to it. */
  readonly tags: readonly string[]
}

export interface ActionInputFact {
  readonly name: string
  /** Required, and without a default. */
  readonly isRequired: boolean
  /** Its default is the job's token. */
  readonly takesToken: boolean
  /** What the action says of it; null when it is not deprecated. */
  readonly deprecation: string | null
}

export interface ActionFact {
  /** `node24`, `composite`, `docker`; null for a called workflow. */
  readonly runtime: string | null
  readonly inputs: readonly ActionInputFact[]
  /** What its own steps and jobs use, as written, each once. */
  readonly nested: readonly string[]
}

export interface ImageFact {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
}

export interface Advisory {
  /** `GHSA-...`. */
  readonly id: string
  readonly summary: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** `>= 1.0.0, < 2.3.1`. */
  readonly range: string
  /** The first version without it; null where there is none. */
  readonly fixedIn: string | null
}

export interface AdvisoriesFact {
  readonly advisories: readonly Advisory[]
}

/** `version`: of an enterprise server, as it says itself (`3.19.1`). */
export type HostFact = { readonly name: 'github.com' } | { readonly name: 'ghes'; readonly version: string }

export interface FactValues {
  readonly ref: RefFact
  readonly releases: ReleasesFact
  readonly repository: RepositoryFact
  readonly commit: CommitFact
  readonly action: ActionFact
  readonly image: ImageFact
  readonly advisories: AdvisoriesFact
  readonly host: HostFact
}

/** `unknown` says why, in words that the report can print ("not found, or private", "rate limited"). */
export type FactAnswer<K extends keyof FactValues = keyof FactValues> =
  | { readonly status: 'known'; readonly value: FactValues[K] }
  | { readonly status: 'unknown'; readonly reason: string }

/** Answers by `factKey`. */
export type Facts = ReadonlyMap<string, FactAnswer>

export const NO_FACTS: Facts = new Map()

/** Names are compared without case, as GitHub does; refs and image names with case. */
export function factKey(request: FactRequest): string {
  switch (request.kind) {
    case 'ref': return `ref:${request.repository.toLowerCase()}@${request.ref}`
    case 'releases': return `releases:${request.repository.toLowerCase()}`
    case 'repository': return `repository:${request.repository.toLowerCase()}${request.withOwner ? '+owner' : ''}`
    case 'commit': return `commit:${request.repository.toLowerCase()}@${request.commit.toLowerCase()}`
    case 'action': return `action:${request.name.toLowerCase()}@${request.ref}`
    case 'image': return `image:${request.image}`
    case 'advisories': return `advisories:${request.ecosystem}/${request.package.toLowerCase()}`
    case 'host': return 'host:'
  }
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
