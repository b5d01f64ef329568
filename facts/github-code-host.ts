// Asks GitHub (or an enterprise server) for what rules want to know of other repositories, and registries for images. Plain fetch:
// the command line starts faster without a client library. No answer of it, and no error, carries the token.
import type { FactRequest } from '../analysis/fact.ts'
import type { Asking } from './asking.ts'
import type { CodeHost, HostAnswer, KnownFact } from './code-host.ts'
import { createAsking } from './asking.ts'
import { askAction } from './github-action.ts'
import { createAskAdvisories } from './github-advisories.ts'
import { askCommit } from './github-commit.ts'
import { askHost } from './github-host.ts'
import { askRef } from './github-ref.ts'
import { askReleases } from './github-releases.ts'
import { askRepository } from './github-repository.ts'
import { createGithubRequests, type GithubRequestsParts, type Reply } from './github-requests.ts'
import { unknown } from './host-answers.ts'
import { askImage, PUBLIC_REGISTRIES, type Registries } from './registry-image.ts'

export interface GithubCodeHostParts extends GithubRequestsParts {
  /** Absent: those of the internet. */
  readonly registries?: Registries
}

const REGISTRY_TIMEOUT_MS = 10_000

/** `apiUrl`: `https://api.github.com`, or `https://HOST/api/v3`. Make one for each run: it remembers what it saw of a repository. */
export function createGithubCodeHost(parts: GithubCodeHostParts): CodeHost {
  const requests = createGithubRequests(parts)
  const remembered = new Map<string, Promise<Reply>>()
  const askAdvisories = createAskAdvisories()
  const registry = { registries: parts.registries ?? PUBLIC_REGISTRIES, fetch: parts.fetch ?? fetch, timeoutMs: parts.timeoutMs ?? REGISTRY_TIMEOUT_MS }
  return {
    name: requests.apiUrl,
    async ask(request, before, signal) {
      if (request.kind === 'image') return askImage(request.image, registry, signal)
      const asking = createAsking(requests, { isAnonymous: parts.token === undefined, remembered, ...(signal ? { signal } : {}) })
      if (request.kind === 'host') return askHost(asking)
      const name = request.kind === 'action' ? request.name.split('/').slice(0, 2).join('/') : request.kind === 'advisories' ? request.package : request.repository
      if (!isRepositoryName(name)) return unknown(`${name} is not a repository's name`, { visibility: 'unknown' })
      return request.kind === 'advisories' ? askAdvisories(request, asking) : askAboutRepository(request, before, asking)
    },
  }
}

type RepositoryQuestion = Exclude<FactRequest, { kind: 'image' | 'host' | 'advisories' }>

function askAboutRepository(request: RepositoryQuestion, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  switch (request.kind) {
    case 'ref': return askRef(request, before, asking)
    case 'releases': return askReleases(request.repository, before, asking)
    case 'repository': return askRepository(request, asking)
    case 'commit': return askCommit(request, asking)
    case 'action': return askAction(request, before, asking)
  }
}

function isRepositoryName(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(text) && !text.split('/').some((part) => part === '.' || part === '..')
}
