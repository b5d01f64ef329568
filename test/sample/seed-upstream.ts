// Gives the code host the actions that a repository uses, with the tags and release days that our dated data knows of them.
// Their commits are the real ones, where the data has them.
import { versionsOf } from '../../analysis/data/actions.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'

const USES = /uses:\s*['"]?([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)(\/[^@\s]+)?@/g

/** `texts` are workflow and action files; actions that are not listed in our data are left out. */
export async function seedUpstream(github: Gateway, texts: readonly string[]): Promise<void> {
  const paths = new Map<string, Set<string>>()
  for (const [, name = '', path = ''] of texts.flatMap((text) => [...text.matchAll(USES)])) paths.set(name, (paths.get(name) ?? new Set()).add(path))
  const names = [...paths.keys()].sort()
  const owners = [...new Set(names.map((name) => name.split('/')[0] ?? ''))]
  for (const login of owners) await github.createOwner({ login })
  for (const name of names) await seedActions(github, name, [...(paths.get(name) ?? [])])
}

/** The actions of one repository, which are released together; '' is the one at its root, others begin with a slash. */
async function seedActions(github: Gateway, fullName: string, paths: readonly string[]): Promise<void> {
  const [owner = '', name = ''] = fullName.split('/')
  const versions = paths.map((path) => versionsOf(fullName + path)).find(({ length }) => length > 0) ?? []
  const filesOf = (release: string): Record<string, string> => Object.fromEntries(paths.map((path) => [`${path}/action.yml`.slice(1), metadataOf(fullName + path, release)]))
  await github.createRepository({ owner, name, files: filesOf('main') })
  const released = new Map<string, string>()
  for (const { label, tag, date, commit: published } of versions) {
    const release = tag ?? label
    let commit = released.get(release)
    if (commit === undefined) {
      commit = await github.commit({ repo: fullName, branch: 'main', files: filesOf(release), message: `Release ${release}` })
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
