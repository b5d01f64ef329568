// Makes a release from the commit that is checked out: a commit on top of it whose reusable workflows and starters use the Action by
// the commit that holds dist/, an immutable tag vX.Y.Z on that, and the moving tag of its major. Pushes all three or nothing.
// Builds nothing: dist/ is what CI has compared with the sources.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'

const HELP = `usage: node --import tsx scripts/release.ts --version X.Y.Z [--remote NAME] [--branch NAME] [--push]

Commits the stamped workflows on top of HEAD and tags vX.Y.Z and vX there. With --push both tags and the branch go to the remote,
together or not at all; without it nothing leaves this clone.`

const STAMPED_FOLDERS = ['workflows/reusable', 'workflows/starters', '.github/workflows']
/** Our own Action and reusable workflows, by commit, with the version as comment. */
const OWN_PIN = /(autodevops\/analyze(?:\/\.github\/workflows\/[\w-]+\.yml)?)@[0-9a-f]{40} # v\d+\.\d+\.\d+/g
const VERSION = /^(\d+)\.\d+\.\d+$/

class ReleaseError extends Error {}

interface Release {
  readonly version: string
  readonly remote: string
  readonly branch: string
  readonly push: boolean
}

function main(): void {
  const release = readArguments()
  const { version, remote, branch, push } = release
  const [tag, moving] = [`v${version}`, `v${VERSION.exec(version)?.[1] ?? ''}`]
  check(release, tag)
  const built = git('rev-parse', 'HEAD')
  const stamped = STAMPED_FOLDERS.flatMap((folder) => stamp(folder, `@${built} # ${tag}`))
  if (stamped.length === 0) throw new ReleaseError(`no workflow in ${STAMPED_FOLDERS.join(', ')} uses autodevops/analyze by commit; there is nothing to stamp`)
  git('add', '--', ...stamped)
  git('commit', '--quiet', '-m', `chore(release): ${tag}`)
  git('tag', '--annotate', tag, '-m', tag)
  git('tag', '--force', '--annotate', moving, '-m', `${moving} is ${tag}`, `${tag}^{commit}`)
  say(`${tag}: ${stamped.length} workflows use ${built}`)
  if (!push) return say(`nothing was pushed; git push --atomic ${remote} HEAD:${branch} ${tag} +${moving} does it`)
  git('push', '--quiet', '--atomic', remote, `HEAD:refs/heads/${branch}`, `refs/tags/${tag}`, `+refs/tags/${moving}`)
  say(`pushed ${branch}, ${tag} and ${moving} to ${remote}`)
}

function readArguments(): Release {
  const { values } = parse()
  if (values.help === true) {
    say(HELP)
    process.exit(0)
  }
  const { version = '', remote = 'origin', branch = 'main', push = false } = values
  if (!VERSION.test(version)) throw new ReleaseError(`--version is '${version}'; it must be three numbers, as in 1.4.0\n${HELP}`)
  return { version, remote, branch, push }
}

function parse() {
  try {
    return parseArgs({ options: { version: { type: 'string' }, remote: { type: 'string' }, branch: { type: 'string' }, push: { type: 'boolean' }, help: { type: 'boolean' } } })
  } catch (error) {
    throw new ReleaseError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`)
  }
}

/** Everything that can be wrong is found before anything is written. */
function check({ version, remote }: Release, tag: string): void {
  const problems: string[] = []
  if (git('status', '--porcelain') !== '') problems.push('there are changes that are not committed')
  const declared = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version
  if (declared !== version) problems.push(`package.json says ${declared}, not ${version}: the version is in the bundle, so it is changed, built and committed first`)
  if (!readFileSync('CHANGELOG.md', 'utf8').split('\n').some((line) => line.startsWith(`## ${version}`))) problems.push(`CHANGELOG.md has no section '## ${version}'`)
  for (const file of ['dist/index.js', 'dist/cli/index.js']) if (!existsSync(file)) problems.push(`there is no ${file}`)
  if (git('tag', '--list', tag) !== '' || git('ls-remote', '--tags', remote, tag) !== '') problems.push(`${tag} exists already, and a released version never changes`)
  if (problems.length > 0) throw new ReleaseError(`not released:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
}

/** The files of a folder that it has changed. */
function stamp(folder: string, pin: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yml')).map((name) => `${folder}/${name}`).filter((file) => {
    const before = readFileSync(file, 'utf8')
    const after = before.replace(OWN_PIN, (_pin, name: string) => `${name}${pin}`)
    if (after !== before) writeFileSync(file, after)
    return after !== before
  })
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new ReleaseError(`git ${args[0] ?? ''} failed: ${(stderr ?? '').trim()}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  main()
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
