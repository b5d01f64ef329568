// Reads commands that fetch packages of Python, Go, Rust, .NET, Node and Chocolatey, and names those without a fixed version.
import type { Command, Word } from './commands.ts'
import { isLocal, operandsOf } from './package-install.ts'
import { programOf } from './step-commands.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const PIP_VALUED = words(
  'r requirement c constraint e editable i index-url extra-index-url f find-links t target prefix root src python platform python-version ' +
  'implementation abi proxy timeout retries cert client-cert cache-dir trusted-host no-binary only-binary progress-bar upgrade-strategy log report group p',
)
const CARGO_VALUED = words('version vers git branch tag rev path root registry index features F target target-dir profile j jobs bin example color config Z strategies disable-strategies targets pkg-fmt pkg-url bin-dir manifest-path install-path log-level')
const NPX_VALUED = words('p package c call w workspace registry')
const UV_VALUED = words('generate-shell-completion p python i index-url extra-index-url f find-links index default-index c constraint cache-dir with r requirement e editable target prefix')
const EDITABLE = /^(?:-e|--editable)$/
/** Python packages straight from version control; fixed only by a full commit. */
const CODE_HOST = /^(?:git|hg|svn|bzr)(?:\+[a-z]+)?:\/\//
const PYTHON = /^(?:python[\d.]*|py)$/
const PIP = /^pip[\d.]*$/

/** Each package that a command fetches in whatever version is the newest. */
export function unversionedPackages(command: Command): readonly Word[] {
  const program = programOf(command)
  const rest = command.words.slice(1)
  if (PIP.test(program)) return pip(rest)
  if (PYTHON.test(program) && rest[0]?.text === '-m' && PIP.test(rest[1]?.text ?? '')) return pip(rest.slice(2))
  switch (program) {
    case 'uv': return uv(rest)
    case 'pipx': return after(rest, ['install', 'run'], { valued: UV_VALUED, take: rest[0]?.text === 'run' ? 1 : Infinity }).filter(isOpenPython)
    case 'uvx': return operandsOf(rest, UV_VALUED).slice(0, 1).filter(isOpenTool)
    case 'npx': case 'bunx': return npx(rest)
    case 'go': return after(rest, ['install', 'get'], { valued: words('C mod modfile tags ldflags gcflags o p exec'), take: Infinity }).filter(isOpenGo)
    case 'cargo': return cargo(rest)
    case 'choco': return has(rest, /^--?version(?:=|$)/i) ? [] : after(rest, ['install', 'upgrade'], { valued: words('s source params package-parameters ia install-arguments timeout execution-timeout'), take: Infinity }).filter(isName)
    case 'nuget': return has(rest, /^-version$/i) ? [] : after(rest, ['install'], { valued: words('OutputDirectory Source ConfigFile Framework Verbosity ExcludeVersion'), take: 1 }).filter(isOpenNuget)
    case 'dotnet': return dotnet(rest)
    default: return []
  }
}

const has = (list: readonly Word[], pattern: RegExp): boolean => list.some(({ text }) => pattern.test(text))

function after(list: readonly Word[], verbs: readonly string[], { valued, take }: { valued: ReadonlySet<string>; take: number }): readonly Word[] {
  const [verb, ...operands] = operandsOf(list, valued)
  return verb !== undefined && verbs.includes(verb.text) ? operands.slice(0, take) : []
}

/** What only a variable names may hold a version. */
const isName = ({ text }: Word): boolean => !isLocal(text) && !/^[$`]/.test(text) && !text.includes('${{')

/** Behind the name: `==1.2`, `@ https://...`, `===`, or a variable that may be one. */
const isOpenPython = (word: Word): boolean => isName(word) && !/===?|[@$/\\]/.test(word.text)
const isOpenSource = ({ text }: Word): boolean => CODE_HOST.test(text) && !/@[0-9a-f]{40}(?:#|$)|\$/.test(text)
const isOpenTool = (word: Word): boolean => isName(word) && (!/[@=]|:\/\/|\$/.test(word.text) || word.text.endsWith('@latest'))
const isOpenNuget = (word: Word): boolean => isName(word) && !/\.config$/i.test(word.text)

/** The repository's own packages have no version; those of others are fixed by `@v1.2.3` or a commit. */
function isOpenGo(word: Word): boolean {
  const [path = '', version] = word.text.split('@', 2)
  if (!isName(word) || !/^[\w-]+(?:\.[\w-]+)+\//.test(path)) return false
  // A release or a commit; everything else is a query, a branch or a tag that moves.
  return version !== undefined && !/^(?:v\d+\.\d+\.\d+\S*|[0-9a-f]{7,40}|none)$|\$/.test(version)
}

function pip(list: readonly Word[]): readonly Word[] {
  if (has(list, /^--(?:require-hashes|no-index)$/)) return []
  const named = after(list, ['install', 'download', 'wheel'], { valued: PIP_VALUED, take: Infinity })
  const editable = list.filter(({ text }, index) => EDITABLE.test(list[index - 1]?.text ?? '') && CODE_HOST.test(text))
  return [...named.filter((word) => isOpenPython(word) || isOpenSource(word)), ...editable.filter(isOpenSource)]
}

function uv(list: readonly Word[]): readonly Word[] {
  const [first, second] = operandsOf(list, UV_VALUED)
  const rest = (word: Word | undefined): readonly Word[] => (word === undefined ? [] : list.slice(list.indexOf(word)))
  if (first?.text === 'pip') return pip(rest(second))
  return first?.text === 'tool' ? after(rest(second), ['install', 'run'], { valued: UV_VALUED, take: 1 }).filter(isOpenTool) : []
}

function npx(list: readonly Word[]): readonly Word[] {
  if (has(list, /^--no(?:-install)?$/)) return []
  const [program] = operandsOf(list, NPX_VALUED)
  // What stands behind the program are its own options.
  const own = program === undefined ? list : list.slice(0, list.indexOf(program))
  const named = own.flatMap(({ text }, index) => (/^(?:-p|--package)$/.test(text) ? own.slice(index + 1, index + 2) : []))
  return (named.length > 0 ? named : operandsOf(list, NPX_VALUED).slice(0, 1)).filter((word) => isName(word) && isOpenNpm(word.text))
}

function isOpenNpm(text: string): boolean {
  const version = text.slice(1).split('@', 2)[1]
  return version === undefined || /^(?:latest|next)?$/.test(version)
}

function cargo(list: readonly Word[]): readonly Word[] {
  if (has(list, /^--(?:version|vers|path|git|tag|rev)(?:=|$)/)) return []
  const toolchain = list[0]?.text.startsWith('+') === true ? 1 : 0
  return after(list.slice(toolchain), ['install', 'binstall'], { valued: CARGO_VALUED, take: Infinity }).filter((word) => isName(word) && !word.text.includes('@'))
}

function dotnet(list: readonly Word[]): readonly Word[] {
  if (has(list, /^(?:-v|--version)(?:=|$)/)) return []
  const valued = words('f framework s source add-source package-directory tool-path configfile tool-manifest')
  const operands = operandsOf(list, valued)
  if (operands[0]?.text === 'tool' && /^(?:install|update)$/.test(operands[1]?.text ?? '')) return operands.slice(2, 3).filter(isName)
  const package_ = operands.findIndex(({ text }) => text === 'package')
  return operands[0]?.text === 'add' && package_ > 0 && package_ < 3 ? operands.slice(package_ + 1, package_ + 2).filter(isName) : []
}
