// The help pages, made from the tables of commands and options.
import type { Command } from './commands.ts'
import type { Option } from './options.ts'
import { COMMANDS } from './commands.ts'
import { EXIT_CODES } from './exit-code.ts'

export function overview(): string {
  return page([
    'autodevops finds drift in GitHub Actions pipelines, and repairs it.',
    '',
    'Usage: autodevops COMMAND [OPTION...]',
    '',
    'Commands:',
    ...columns(COMMANDS.map(({ usage, summary }) => [usage, summary])),
    '',
    'Options:',
    ...columns([['--help', 'this page; COMMAND --help explains a command'], ['--version', 'the version']]),
    '',
    ...exitCodes(),
  ])
}

export function commandHelp({ usage, summary, about, options }: Command): string {
  return page([
    `Usage: autodevops ${usage} [OPTION...]`,
    '',
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
    ...about,
    '',
    'Options:',
    ...columns([...Object.entries(options).map(([name, spec]) => [nameOf(name, spec), helpOf(spec)] as const), ['--help', 'this page']]),
    '',
    ...exitCodes(),
  ])
}

function exitCodes(): string[] {
  return ['Exit codes:', ...columns(EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]))]
}

function nameOf(name: string, spec: Option): string {
  if (spec.kind === 'flag') return `--${name}`
  return `--${name} ${spec.kind === 'date' ? 'DATE' : spec.kind === 'text' || spec.kind === 'list' ? spec.placeholder : spec.values.join('|')}`
}

const helpOf = (spec: Option): string => (spec.kind === 'choice' ? `${spec.help} (default ${spec.default})` : spec.help)

const WIDTH = 34

/** Two columns; a long left side gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  return rows.flatMap(([left, right]) => (left.length > WIDTH ? [`  ${left}`, `  ${' '.repeat(WIDTH)}  ${right}`] : [`  ${left.padEnd(WIDTH)}  ${right}`]))
}

const page = (lines: readonly string[]): string => `${lines.join('\n')}\n`
