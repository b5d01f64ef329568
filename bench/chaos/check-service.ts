// What the service owes after everything has been worked off: by its database, its API and its logs.
import type { Db } from 'mongodb'
import type { AnalysisDocument } from '../../control-plane/analyses/analysis-document.ts'
import type { FindingDocument } from '../../control-plane/findings/finding-document.ts'
import type { FixPullRequestDocument } from '../../control-plane/pull-requests/fix-pull-requests-store.ts'
import type { RepositoryDocument } from '../../control-plane/repositories/repository-document.ts'
import { call } from './client.ts'
import type { Fleet } from './fleet.ts'
import type { Accepted } from './load.ts'
import { createRandom } from './random.ts'
import type { Tally } from './tally.ts'

interface Parts {
  readonly db: Db
  readonly fleet: Pick<Fleet, 'apis' | 'outputs'>
  readonly tally: Tally
}

export type StoredAnalyses = ReadonlyMap<string, Omit<AnalysisDocument, 'files'>>

/** Each accepted analysis is there, ended, and answered so by the API; there is no other. */
export async function checkAnalyses({ db, fleet, tally }: Parts, accepted: readonly Accepted[]): Promise<StoredAnalyses> {
  const documents = await db.collection<AnalysisDocument>('analyses').find({}, { projection: { files: 0 } }).toArray()
  const stored = new Map(documents.map((document) => [document._id, document]))
  const promised = new Map(accepted.map((each) => [each.id, each]))
  tally.add('analyses', 'accepted', promised.size)
  for (const { _id, repository, commit, state, outcome, error, attempts } of documents) {
    if (!promised.has(_id)) tally.wrong(`${_id} of ${repository} at ${commit} was answered to nobody`)
    tally.add('analyses', `ended ${state}${outcome === null ? '' : `, pull request ${outcome.pullRequest.state}`}`)
    if (attempts > 1) tally.add('analyses', 'taken more than once')
    if (state === 'failed') tally.wrong(`${_id} of ${repository} failed: ${error?.code ?? 'without a code'}`)
  }
  const random = createRandom(0, 'reading back')
  for (const { id, run, repository } of promised.values()) {
    const { state, endedAt } = await call({ fleet, random, tally }, { method: 'GET', path: `/analyses/${id}`, run })
    if (!stored.has(id)) tally.wrong(`${id} of ${repository.fullName} was accepted and is lost`)
    else if (endedAt === null || state !== stored.get(id)?.state) tally.wrong(`${id} of ${repository.fullName} is ${state} by the API and ${String(stored.get(id)?.state)} in the database`)
  }
  return stored
}

/** Each pull request has one record of its opening, and each place of a budget belongs to one. */
export async function checkPullRequestRecords({ db, tally }: Parts, accepted: readonly Accepted[]): Promise<void> {
  for (const [name, { tenantId, id }] of new Map(accepted.map(({ repository }) => [repository.fullName, repository]))) {
    const record = await db.collection<FixPullRequestDocument>('fix-pull-requests').findOne({ tenantId, repositoryId: id })
    const opened = await db.collection('audit').countDocuments({ action: 'pull-request.opened', subject: name })
    if (record?.state !== 'open' && record?.state !== 'waiting') tally.wrong(`the pull request of ${name} is recorded as ${String(record?.state)}`)
    if (opened !== (record?.state === 'open' ? 1 : 0)) tally.wrong(`the audit log says ${opened} times that the pull request of ${name}, recorded as ${String(record?.state)}, was opened`)
  }
}

/** The organisation's view is that of each repository's last commit. */
export async function checkRepositories({ db, tally }: Parts, accepted: readonly Accepted[]): Promise<void> {
  const last = new Map(accepted.map((each) => [each.repository.fullName, each]))
  for (const { id, run, repository } of last.values()) {
    const found = await db.collection<RepositoryDocument>('repositories').findOne({ tenantId: repository.tenantId, repositoryId: repository.id })
    if (found?.analysisId !== id || found.history.at(-1)?.commit !== run.commit) {
      tally.wrong(`${repository.fullName} is recorded as of ${String(found?.history.at(-1)?.commit)}, its last commit is ${run.commit}`)
      continue
    }
    const commits = found.history.map(({ commit }) => commit)
    if (new Set(commits).size < commits.length) tally.wrong(`the history of ${repository.fullName} has a commit twice`)
    const open = await db.collection<FindingDocument>('findings').find({ tenantId: repository.tenantId, repositoryId: repository.id, state: 'open' }).toArray()
    const { high = 0, medium = 0, low = 0, info = 0 } = found.counts ?? {}
    if (open.length !== high + medium + low + info) tally.wrong(`${repository.fullName} has ${open.length} open findings, its counts say ${high + medium + low + info}`)
  }
}

interface Line {
  readonly level: string
  readonly msg: string
  readonly analysisId?: string
  readonly correlationId?: string
  readonly code?: string
  readonly err?: { readonly message?: string }
}

/** No analysis was ended by two, and nothing asked for an operator. One that got no place for its pull request runs again when it is asked for again. */
export function checkLogs({ fleet, tally }: Parts): void {
  const ends = new Map<string, number>()
  for (const { name, text } of fleet.outputs()) {
    for (const { level, msg, analysisId = '', correlationId = '', code = '', err } of linesOf(text)) {
      const asked = `${analysisId} (asked for by ${correlationId})`
      if (msg === 'the analysis is done') ends.set(asked, (ends.get(asked) ?? 0) + 1)
      if (level === 'error') tally.wrong(`${name} logged an error: ${msg} ${code} ${err?.message ?? ''}`.trim())
      if (msg === 'another worker has taken over this analysis; this attempt leaves no trace') tally.add('analyses', 'attempts that lost their lease')
      if (msg === 'the attempt failed; the analysis is tried again') tally.add('attempts tried again', code)
    }
  }
  for (const [asked, count] of ends) if (count > 1) tally.wrong(`${asked} ended ${count} times`)
}

/** A process that was killed may have printed half of its last line. */
function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line) as Line] : []
    } catch {
      return []
    }
  })
}
