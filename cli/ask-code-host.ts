// The facts that rules asked for, from the code host: only with --online, and the only place where the command line reads a token.
// The token goes to the code host's API and nowhere else.
import { homedir } from 'node:os'
import process from 'node:process'
import type { FactRequest, Facts } from '../analysis/fact.ts'
import type { Progress } from './progress.ts'
import type { World } from './world.ts'
import { factCacheFolder } from '../facts/cache-folder.ts'
import { createFactsSource } from '../facts/facts-source.ts'
import { createFileFactCache } from '../facts/file-fact-cache.ts'
import { createGithubCodeHost } from '../facts/github-code-host.ts'
import { UsageError } from './usage-error.ts'

const GITHUB_API = 'https://api.github.com'

/** GITHUB_API_URL names another code host, as it does on a runner. Every request gets an answer, if only that it has none. */
export function createAskCodeHost({ env, now }: World, progress: Progress): (requests: readonly FactRequest[]) => Promise<Facts> {
  const apiUrl = env.GITHUB_API_URL ?? GITHUB_API
  if (!URL.canParse(apiUrl) || !/^https?:/.test(apiUrl)) throw new UsageError(`GITHUB_API_URL is no address: '${apiUrl}'; known form: https://HOST/api/v3`)
  const token = env.GITHUB_TOKEN || env.GH_TOKEN
  const source = createFactsSource({
    codeHost: createGithubCodeHost({ apiUrl, ...(token === undefined || token === '' ? {} : { token }) }),
    cache: createFileFactCache({ folder: factCacheFolder({ env, platform: process.platform, home: homedir() }) }),
    clock: now,
    scope: 'tenant:local',
  })
  return (requests) => source.answer(requests, { onProgress: ({ done, total }) => { progress.update(`asking the code host, ${done} of ${total}`) } })
}
