// Refreshes analysis/data/actions.json from the code host: the newest release of each major, its commit, day, runtime and inputs,
// and majors that are new. What the code host does not answer stays as it is; nothing is removed. With names as arguments only those.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ActionFact, FactRequest, ReleasesFact } from '../analysis/fact.ts'
import type { AskedCodeHost } from './ask-code-host.ts'
import { compareVersions, parseVersion } from '../analysis/data/version.ts'
import { codeHostOfEnvironment, reportUnanswered, todayStamp } from './ask-code-host.ts'

export interface ActionsData {
  readonly source: string
  readonly date: string
  readonly format: string
  readonly actions: Readonly<Record<string, string>>
}

interface Refreshing {
  readonly host: AskedCodeHost
  /** YYYY-MM-DD, the new date stamp. */
  readonly today: string
  /** Lower case; empty for all. */
  readonly names: readonly string[]
}

/** A release that the line of an action does not have yet. */
interface NewRelease {
  readonly name: string
  readonly repository: string
  readonly label: string
  readonly tag: string
  readonly date: string
}

const FILE = join(import.meta.dirname, '..', 'analysis/data/actions.json')
const SOURCE = 'action.yml, tags and releases of each action repository'

export async function refreshActions(data: ActionsData, { host, today, names }: Refreshing): Promise<ActionsData> {
  const chosen = Object.keys(data.actions).filter((name) => names.length === 0 || names.includes(name))
  await host.ask([...new Set(chosen.map(repositoryOf))].map((repository) => ({ kind: 'releases', repository })))
  const found = chosen.flatMap((name) => newReleases(name, data.actions[name] ?? '', host.known({ kind: 'releases', repository: repositoryOf(name) })))
  await host.ask(found.flatMap(({ name, repository, tag, label }): FactRequest[] => [
    { kind: 'ref', repository, ref: tag }, { kind: 'ref', repository, ref: label }, { kind: 'action', name, ref: tag },
  ]))
  const actions = { ...data.actions }
  for (const release of found) actions[release.name] = withRelease(actions[release.name] ?? '', release, host)
  const isWhole = names.length === 0
  return { ...data, source: isWhole ? `${SOURCE}; releases after ${today} are not in it` : data.source, date: isWhole ? today : data.date, actions }
}

const repositoryOf = (name: string): string => name.split('/').slice(0, 2).join('/')

/** The newest of each major that is newer than what the line has; majors below the line's first stay out. */
function newReleases(name: string, line: string, releases: ReleasesFact | undefined): readonly NewRelease[] {
  const written = new Map(line.split(' | ').map((entry) => [entry.split(' ')[0] ?? '', entry.split(' ')[2] ?? '-']))
  const majors = [...written.keys()].flatMap((label) => parseVersion(label)?.[0] ?? [])
  const newest = new Map<number, NewRelease>()
  for (const { tag, prerelease, publishedAt } of releases?.releases ?? []) {
    const number = parseVersion(tag)
    const best = parseVersion(newest.get(number?.[0] ?? -1)?.tag ?? null)
    if (number === null || prerelease || (best !== null && compareVersions(number, best) <= 0)) continue
    newest.set(number[0], { name, repository: repositoryOf(name), label: `v${number[0]}`, tag, date: publishedAt.slice(0, 10) })
  }
  return [...newest].sort(([a], [b]) => a - b).flatMap(([major, release]) => {
    const current = parseVersion(written.get(release.label) ?? null)
    const isNewer = current === null ? major > Math.max(-1, ...majors) : compareVersions(parseVersion(release.tag) ?? [0, 0, 0], current) > 0
    return isNewer ? [release] : []
  })
}

/** The line with the release in it; unchanged while its commit or its metadata are not known. */
function withRelease(line: string, { name, repository, label, tag, date }: NewRelease, host: AskedCodeHost): string {
  const commit = host.known({ kind: 'ref', repository, ref: tag })?.commit
  const action = host.known({ kind: 'action', name, ref: tag })
  if (commit === undefined || action === undefined) return line
  const moving = host.known({ kind: 'ref', repository, ref: label })?.type
  const entries = line.split(' | ').filter((entry) => entry !== '' && !entry.startsWith(`${label} `))
  const at = line.split(' | ').findIndex((entry) => entry.startsWith(`${label} `))
  const moves = moving === 'tag' && label !== tag ? 'm' : moving === 'branch' ? 'b' : '-'
  const entry = [label, action.runtime ?? '-', tag, commit, date, moves, inputWords(action)].join(' ')
  entries.splice(at === -1 ? entries.length : at, 0, entry)
  return withInputsOf(line, entries, label).join(' | ')
}

/** `=label` of another entry points to that entry's words: where they changed, it keeps the old ones. */
function withInputsOf(before: string, entries: readonly string[], changed: string): readonly string[] {
  const old = before.split(' | ').find((entry) => entry.startsWith(`${changed} `))?.split(' ')[6]
  if (old === undefined) return entries
  return entries.map((entry) => (entry.endsWith(` =${changed}`) ? `${entry.slice(0, entry.lastIndexOf(' '))} ${old}` : entry))
}

function inputWords({ inputs }: ActionFact): string {
  if (inputs.length === 0) return '.'
  return inputs.map(({ name, isRequired, deprecation }) => name + (isRequired ? '!' : '') + (deprecation === null ? '' : '~')).sort().join(',')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const host = codeHostOfEnvironment()
  const data = JSON.parse(readFileSync(FILE, 'utf8')) as ActionsData
  const names = process.argv.slice(2).map((name) => name.toLowerCase())
  writeFileSync(FILE, `${JSON.stringify(await refreshActions(data, { host, today: todayStamp(), names }), null, 1)}\n`)
  reportUnanswered(host)
}
