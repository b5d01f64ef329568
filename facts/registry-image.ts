// The digest behind an image's tag, from the registries that anybody may ask: Docker Hub and ghcr.io. An anonymous token of the
// registry's own is fetched first; no credential of the user's goes there. Other registries are unknown.
import type { HostAnswer } from './code-host.ts'
import { textOf } from './field-of.ts'
import { known, unknown } from './host-answers.ts'
import { timeLimit } from './time-limit.ts'

export interface Registry {
  /** Without a path: `https://ghcr.io`. */
  readonly url: string
  /** Gives tokens; `scope` is added. */
  readonly tokenUrl: string
}

export type Registries = Readonly<Record<'docker.io' | 'ghcr.io', Registry>>

export const PUBLIC_REGISTRIES: Registries = {
  'docker.io': { url: 'https://registry-1.docker.io', tokenUrl: 'https://auth.docker.io/token?service=registry.docker.io' },
  'ghcr.io': { url: 'https://ghcr.io', tokenUrl: 'https://ghcr.io/token?service=ghcr.io' },
}

export interface RegistryParts {
  readonly registries: Registries
  readonly fetch: typeof fetch
  readonly timeoutMs: number
}

/** Lists for several platforms come first: their digest serves all of them. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')
const PART = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/
const TAG = /^\w[\w.-]{0,127}$/

interface ImageName {
  readonly registry: string
  readonly path: string
  readonly tag: string
}

export async function askImage(image: string, parts: RegistryParts, signal?: AbortSignal): Promise<HostAnswer> {
  const name = readImageName(image)
  if (name === null) return unknown(`'${image}' is not the name of an image with a tag`, { visibility: 'unknown' })
  const { registry } = name
  if (registry !== 'docker.io' && registry !== 'ghcr.io') return unknown(`${registry} is a registry that is not asked`, { visibility: 'unknown' })
  try {
    return await askRegistry(name, parts.registries[registry], { ...parts, signal })
  } catch {
    signal?.throwIfAborted()
    return passing(`${registry} cannot be reached`)
  }
}

async function askRegistry({ registry, path, tag }: ImageName, { url, tokenUrl }: Registry, parts: RegistryParts & { readonly signal: AbortSignal | undefined }): Promise<HostAnswer> {
  const ask = (address: string, init: RequestInit) => {
    const limit = timeLimit(parts.timeoutMs)
    return parts.fetch(address, { ...init, signal: parts.signal ? AbortSignal.any([parts.signal, limit]) : limit })
  }
  const granted = await ask(`${tokenUrl}&scope=${encodeURIComponent(`repository:${path}:pull`)}`, {})
  const token = granted.ok ? textOf(await granted.json(), 'token') : null
  if (token === null) return granted.status === 401 || granted.status === 403 ? missing() : passing(`${registry} gave no token (${granted.status})`)
  const headers = { accept: MANIFESTS, authorization: `Bearer ${token}` }
  const manifest = await ask(`${url}/v2/${path}/manifests/${tag}`, { method: 'HEAD', headers })
  if (manifest.status === 401 || manifest.status === 404) return missing()
  if (!manifest.ok) return passing(manifest.status === 429 ? `${registry} limits requests` : `${registry} answered ${manifest.status}`)
  const digest = manifest.headers.get('docker-content-digest') ?? ''
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return passing(`${registry} named no digest`)
  // Whoever asks without an account sees it.
  return known({ digest }, { etag: null, visibility: 'public' })
}

/** `node:24` is `docker.io/library/node:24`; null for a name with a digest or with characters that none has. */
function readImageName(image: string): ImageName | null {
  const slash = image.indexOf('/')
  const first = slash === -1 ? '' : image.slice(0, slash)
  const isHost = /[.:]/.test(first) || first === 'localhost'
  const registry = isHost ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io'
  const rest = isHost ? image.slice(slash + 1) : image
  const [path = '', tag = 'latest'] = rest.split(':')
  if (rest.includes('@') || rest.split(':').length > 2 || !TAG.test(tag) || !path.split('/').every((part) => PART.test(part))) return null
  return { registry, path: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path, tag }
}

const missing = (): HostAnswer => unknown('not found, or private', { visibility: 'unknown' })

/** Not remembered: it may be another answer next time. */
const passing = (reason: string): HostAnswer => ({ ...unknown(reason, { visibility: 'unknown' }), lasting: false })
