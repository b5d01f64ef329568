// Gives the code host the actions that a repository uses, with the tags and release days that our dated data knows of them.
// Their commits are the real ones, where the data has them.
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
  await github.createRepository({ owner, name, files: { 'action.yml': metadataOf(fullName, 'main') } })
  const released = new Map<string, string>()
  for (const { label, tag, date, commit: published } of versions) {
    const release = tag ?? label
    let commit = released.get(release)
    if (commit === undefined) {
      commit = await github.commit({ repo: fullName, branch: 'main', files: { 'action.yml': metadataOf(fullName, release) }, message: `Release ${release}` })
      released.set(release, commit)
      if (published !== null) github.publishCommit({ repo: fullName, commit, as: published })
      await github.tag({ repo: fullName, name: release, commit })
      if (date !== null) await github.release({ repo: fullName, tag: release, publishedAt: `${date}T09:00:00Z` })
    }
    if (label !== release) await github.tag({ repo: fullName, name: label, commit })
  }
}

/** With every input that any listed version declares, none of them required: what a version lacks is told by our own data. */
function metadataOf(fullName: string, release: string): string {
  const inputs = [...new Set(versionsOf(fullName).flatMap((version) => (version.inputs ?? []).map((input) => input.name)))]
  return [`name: ${fullName}`, `# ${release}`, 'inputs:', ...inputs.map((input) => `  ${input}: { description: An input }`), 'runs: { using: node24, main: index.js }', ''].join('\n')
}
