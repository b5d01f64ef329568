// Refreshes analysis/data/archived-actions.json from the code host: which repositories of popular actions, and of those that were
// archived before, are archived now. Successors are read by people, and stay; so does what the code host does not answer.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AskedCodeHost } from './ask-code-host.ts'
import { codeHostOfEnvironment, reportUnanswered, todayStamp } from './ask-code-host.ts'

export interface ArchivedData {
  readonly source: string
  readonly date: string
  readonly successors: Readonly<Record<string, readonly string[]>>
  /** Lower case, sorted. */
  readonly names: readonly string[]
}

const DATA = join(import.meta.dirname, '..', 'analysis/data')
const WIDTH = 136

export async function refreshArchivedActions(data: ArchivedData, popular: readonly string[], { host, today }: { readonly host: AskedCodeHost; readonly today: string }): Promise<ArchivedData> {
  const repositories = [...new Set([...data.names, ...popular.map((name) => name.toLowerCase().split('/').slice(0, 2).join('/'))])].sort()
  await host.ask(repositories.map((repository) => ({ kind: 'repository', repository })))
  const before = new Set(data.names)
  const names = repositories.filter((repository) => {
    const fact = host.known({ kind: 'repository', repository })
    return fact?.state === 'present' ? fact.isArchived : before.has(repository)
  })
  return { ...data, date: today, names }
}

/** As the file is written: one successor a line, several names in one. */
export function formatArchivedActions({ names, ...head }: ArchivedData): string {
  const lines: string[] = []
  for (const name of names) {
    const line = `${lines.at(-1) ?? ''}${lines.length === 0 ? '  ' : ' '}${JSON.stringify(name)},`
    if (lines.length > 0 && line.length <= WIDTH) lines[lines.length - 1] = line
    else lines.push(`  ${JSON.stringify(name)},`)
  }
  const list = lines.join('\n').replace(/,$/, '')
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "names": [\n${list}\n ]\n}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const host = codeHostOfEnvironment()
  const read = (name: string): unknown => JSON.parse(readFileSync(join(DATA, name), 'utf8'))
  const { actions } = read('actions.json') as { actions: Record<string, string> }
  const data = await refreshArchivedActions(read('archived-actions.json') as ArchivedData, Object.keys(actions), { host, today: todayStamp() })
  writeFileSync(join(DATA, 'archived-actions.json'), formatArchivedActions(data))
  reportUnanswered(host)
}
