// Recognises commands that upload to a public package index, and to which one.
import type { Command, Word } from './commands.ts'
import { operandsOf } from './package-install.ts'
import { programOf } from './step-commands.ts'

export interface PublishCommand {
  readonly index: 'npm' | 'PyPI' | 'crates.io' | 'RubyGems' | 'NuGet'
  /** The command as a person says it: `npm publish`. */
  readonly name: string
  /** False when it only tries, or names another index. */
  readonly isPublic: boolean
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

interface Tool {
  readonly index: PublishCommand['index']
  readonly verbs: readonly string[]
  readonly valued: ReadonlySet<string>
}

const NPM_VALUED = words('registry tag access workspace w otp userconfig prefix C filter F dir loglevel cache publish-branch cwd auth-type')
const npm = (verbs: string): Tool => ({ index: 'npm', verbs: verbs.split(' '), valued: NPM_VALUED })
const PYPI_VALUED = words('r repository repository-url u username p password index publish-url token t project P cert config-file c comment sign-with i identity directory user auth n repo a dest d color')
const pypi = (verb: string): Tool => ({ index: 'PyPI', verbs: [verb], valued: PYPI_VALUED })

const TOOLS: Readonly<Record<string, readonly Tool[]>> = {
  npm: [npm('publish')],
  pnpm: [npm('publish')],
  bun: [npm('publish')],
  yarn: [npm('npm publish')],
  lerna: [npm('publish')],
  twine: [pypi('upload')],
  uv: [pypi('publish')],
  poetry: [pypi('publish')],
  hatch: [pypi('publish')],
  pdm: [pypi('publish')],
  flit: [pypi('publish')],
  maturin: [pypi('publish'), pypi('upload')],
  cargo: [{ index: 'crates.io', verbs: ['publish'], valued: words('token registry index manifest-path package p features F target target-dir j jobs color config Z') }],
  gem: [{ index: 'RubyGems', verbs: ['push'], valued: words('host k key otp p http-proxy attestation') }],
  dotnet: [{ index: 'NuGet', verbs: ['nuget', 'push'], valued: words('k api-key s source sk symbol-api-key ss symbol-source t timeout') }],
  nuget: [{ index: 'NuGet', verbs: ['push'], valued: words('ApiKey Source SymbolSource SymbolApiKey Timeout ConfigFile Verbosity') }],
}

/** Programs that run another one: what follows the given words is the real command. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = { bunx: [], npx: [], uvx: [], pipx: ['run'], uv: ['run'], poetry: ['run'], pdm: ['run'], hatch: ['run'], corepack: [], mise: ['exec'] }
const PYTHON = /^(?:python[\d.]*|py)$/
const DRY = /^(?:--dry-run|--dry_run|--dryrun)(?:=(?!false).*)?$/
const TARGETS = words('registry repository repository-url publish-url index host source s r Source repo')
const PUBLIC = /^(?:npmjs|npm|pypi|testpypi|crates-io|nuget|nuget\.org|main|test)$|^https?:\/\/(?:registry\.npmjs\.org|(?:(?:upload|test|www)\.)?pypi\.org|rubygems\.org|(?:(?:api|www)\.)?nuget\.org)(?:[/:]|$)/i

/** Whether an upload's target, a name or an address, is one of the public indexes. */
export const isPublicIndex = (target: string): boolean => PUBLIC.test(target.trim())

/** Null for a command that uploads nothing. */
export function publishCommand(command: Command): PublishCommand | null {
  const [first, ...rest] = command.words
  return first === undefined ? null : publishing({ text: programOf(command), words: rest })
}

interface Called {
  readonly text: string
  readonly words: readonly Word[]
}

function publishing({ text, words: rest }: Called, depth = 0): PublishCommand | null {
  if (PYTHON.test(text) && rest[0]?.text === '-m') return depth < 3 ? publishing(calledBy(rest.slice(1)), depth + 1) : null
  for (const tool of Object.hasOwn(TOOLS, text) ? (TOOLS[text] ?? []) : []) {
    const operands = operandsOf(rest, tool.valued)
    if (tool.verbs.every((verb, index) => operands[index]?.text === verb)) {
      return { index: tool.index, name: [text, ...tool.verbs].join(' '), isPublic: isPublic(rest, text) }
    }
  }
  const lead = Object.hasOwn(RUNNERS, text) ? RUNNERS[text] : undefined
  if (lead === undefined || depth >= 3) return null
  const operands = operandsOf(rest, words('from with python p spec package'))
  const program = operands[lead.length]
  return program !== undefined && lead.every((word, index) => operands[index]?.text === word) ? publishing(calledBy(rest.slice(rest.indexOf(program))), depth + 1) : null
}

/** `twine==6.1.0` and `npm@11` run those programs. */
function calledBy([program, ...rest]: readonly Word[]): Called {
  return { text: (program?.text ?? '').toLowerCase().replace(/(?<=.)(?:@|[=<>~]=).*$/, ''), words: rest }
}

function isPublic(list: readonly Word[], program: string): boolean {
  return !list.some(({ text }, index) => {
    if (DRY.test(text) || (text === '-n' && program === 'cargo') || text === '--help') return true
    const [option = '', attached] = text.split('=', 2)
    if (!option.startsWith('-') || !TARGETS.has(option.replace(/^-+/, ''))) return false
    const target = attached ?? list[index + 1]?.text ?? ''
    return target !== '' && !isPublicIndex(target)
  })
}
