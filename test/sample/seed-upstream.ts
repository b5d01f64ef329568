// Gives the code host the actions that a repository uses, with the tags and release days that our dated data knows of them.
// Their commits are the emulator's own: only that a tag points to one matters here.
import { versionsOf } from '../../analysis/data/actions.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'

const USES = /uses:\s*['"]?([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)(\/[^@\s]+)?@/g

/** `texts` are workflow and action files; actions that are not listed in our data are left out. */
export async function seedUpstream(github: Gateway, texts: readonly string[]): Promise<void> {
  const names = [...new Set(texts.flatMap((text) => [...text.matchAll(USES)].map(([, name = '']) => name)))].sort()
  const owners = [...new Set(names.map((name) => name.split('/')[0] ?? ''))]
  for (const login of owners) await github.createOwner({ login })
  for (const name of names) await seedAction(github, name)
}

async function seedAction(github: Gateway, fullName: string): Promise<void> {
  const [owner = '', name = ''] = fullName.split('/')
  const versions = versionsOf(fullName)
  await github.createRepository({ owner, name, files: { 'action.yml': `name: ${name}\n` } })
  const released = new Map<string, string>()
  for (const { label, tag, date } of versions) {
    const release = tag ?? label
    let commit = released.get(release)
    if (commit === undefined) {
      commit = await github.commit({ repo: fullName, branch: 'main', files: { 'action.yml': `name: ${name}\n# ${release}\n` }, message: `Release ${release}` })
      released.set(release, commit)
      await github.tag({ repo: fullName, name: release, commit })
      if (date !== null) await github.release({ repo: fullName, tag: release, publishedAt: `${date}T09:00:00Z` })
    }
    if (label !== release) await github.tag({ repo: fullName, name: label, commit })
  }
}
