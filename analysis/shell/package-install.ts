// Reads the install commands of package managers: which packages they name beside a manifest or lock file.
import type { Command, Word } from './commands.ts'
import { programOf } from './step-commands.ts'

interface Manager {
  /** Subcommands that take packages. */
  readonly verbs: ReadonlySet<string>
  /** Options that take the next word with them, without their dashes. */
  readonly valued: ReadonlySet<string>
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const NPM_VALUED = words('prefix C registry workspace w cache omit include only loglevel tag userconfig globalconfig install-strategy before cpu os libc script-shell save-prefix')
const PNPM_VALUED = words('dir C filter F registry store-dir reporter loglevel prefix workspace-concurrency modules-dir virtual-store-dir network-concurrency')
const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: { verbs: words('install i in ins inst insta instal isnt isnta isntal isntall add install-test it'), valued: NPM_VALUED },
  pnpm: { verbs: words('add install i'), valued: PNPM_VALUED },
  yarn: { verbs: words('add'), valued: words('cwd registry cache-folder modules-folder mutex network-timeout network-concurrency') },
  gem: { verbs: words('install i'), valued: words('v version i install-dir n bindir s source P trust-policy p http-proxy platform build-root B bulk-threshold document g file') },
  bundle: { verbs: words('add'), valued: words('v version g group s source git branch ref path glob github r require') },
}

/** The packages that an npm, yarn, pnpm, gem or bundle command fetches by name; files and folders are none. */
export function addedPackages(command: Command): readonly Word[] {
  const manager = Object.hasOwn(MANAGERS, programOf(command)) ? MANAGERS[programOf(command)] : undefined
  if (manager === undefined) return []
  const rest = operandsOf(command.words.slice(1), manager.valued)
  const verbs = rest[0]?.text === 'global' ? rest.slice(1) : rest
  const [verb, ...packages] = verbs
  return verb !== undefined && manager.verbs.has(verb.text) ? packages.filter(({ text }) => !isLocal(text)) : []
}

/** What is left without options and their values; `valued` names options without their dashes. */
export function operandsOf(list: readonly Word[], valued: ReadonlySet<string>): readonly Word[] {
  const operands: Word[] = []
  let isRest = false
  for (let i = 0; i < list.length; i++) {
    const word = list[i]
    if (word === undefined) break
    if (isRest || !word.text.startsWith('-')) operands.push(word)
    else if (word.text === '--') isRest = true
    else if (valued.has(word.text.replace(/^-+/, ''))) i++
  }
  return operands
}

/** A path, an archive or an address of a file; also what only a variable says. */
export const isLocal = (text: string): boolean =>
  text === '' || /^(?:\.|\/|~|file:|[A-Za-z]:[\\/])/.test(text) || /\.(?:tgz|tar\.gz|gem|whl|zip)$/.test(text)
