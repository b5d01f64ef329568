// Facts for the scripts that refresh bundled data: asked of GITHUB_API_URL (github.com when absent) with GITHUB_TOKEN, nothing remembered.
import type { FactAnswer, FactRequest, FactValues } from '../analysis/fact.ts'
import { factKey } from '../analysis/fact.ts'
import { createFactsSource } from '../facts/facts-source.ts'
import { createGithubCodeHost, type GithubCodeHostParts } from '../facts/github-code-host.ts'

type Request<K extends keyof FactValues> = Extract<FactRequest, { kind: K }>

export interface AskedCodeHost {
  /** Asks for all at once; what is known already is not asked again. */
  ask(requests: readonly FactRequest[]): Promise<void>
  /** The answer to something that was asked; undefined when it is not known. */
  known<K extends keyof FactValues>(request: Request<K>): FactValues[K] | undefined
  /** `what: reason` for every question without an answer. */
  unanswered(): readonly string[]
}

export function createAskedCodeHost(parts: GithubCodeHostParts): AskedCodeHost {
  const nothing = { get: () => Promise.resolve(null), set: () => Promise.resolve() }
  const source = createFactsSource({ codeHost: createGithubCodeHost(parts), cache: nothing, clock: () => new Date(), scope: 'tenant:local' })
  const answers = new Map<string, FactAnswer>()
  return {
    async ask(requests) {
      const open = requests.filter((request) => !answers.has(factKey(request)))
      for (const [key, answer] of await source.answer(open)) answers.set(key, answer)
    },
    known<K extends keyof FactValues>(request: Request<K>) {
      const answer = answers.get(factKey(request))
      // The key carries the kind, so a value under it is of that kind.
      return answer?.status === 'known' ? (answer.value as FactValues[K]) : undefined
    },
    unanswered: () => [...answers].flatMap(([key, answer]) => (answer.status === 'unknown' ? [`${key}: ${answer.reason}`] : [])),
  }
}

/** The code host that the environment names. */
export function codeHostOfEnvironment(): AskedCodeHost {
  const { GITHUB_API_URL, GITHUB_TOKEN } = process.env
  return createAskedCodeHost({ apiUrl: GITHUB_API_URL || 'https://api.github.com', ...(GITHUB_TOKEN ? { token: GITHUB_TOKEN } : {}) })
}

/** YYYY-MM-DD in UTC. */
export const todayStamp = (): string => new Date().toISOString().slice(0, 10)

/** Says on stderr what stays as it was. */
export function reportUnanswered(host: AskedCodeHost): void {
  for (const line of host.unanswered()) console.error(`not refreshed, ${line}`)
}
