// Writes the tables of the Action's inputs and outputs into README.md, between its markers, from action.yml. A test holds them equal.
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { parse } from '../analysis/source/parse.ts'
import { asMapping, asScalar, lookup } from '../analysis/workflow/nodes.ts'

const README = new URL('../README.md', import.meta.url)
const ACTION = new URL('../action.yml', import.meta.url)
const SECTION = /(?<=<!-- inputs -->\n)[^]*?(?=<!-- \/inputs -->)/

/** The text of a README with both tables in place. Throws when it has no place for them. */
export function withTables(readme: string, action: string): string {
  if (!SECTION.test(readme)) throw new Error('README.md has no lines "<!-- inputs -->" and "<!-- /inputs -->"')
  const inputs = entriesOf(action, 'inputs').map(({ name, value }) => [`\`${name}\``, defaultOf(value('default')), value('description')])
  const outputs = entriesOf(action, 'outputs').map(({ name, value }) => [`\`${name}\``, value('description')])
  const tables = `${table(['input', 'default', 'what it does'], inputs)}\n${table(['output', 'what it holds'], outputs)}`
  return readme.replace(SECTION, () => tables)
}

function entriesOf(action: string, section: string) {
  const entries = asMapping(lookup(asMapping(parse(action).root), section))?.pairs ?? []
  return entries.map(({ key, value: node }) => ({ name: key.text, value: (field: string) => asScalar(lookup(asMapping(node), field))?.text ?? '' }))
}

const defaultOf = (value: string): string => (value === '' ? '' : `\`${value}\``)

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(README, withTables(readFileSync(README, 'utf8'), readFileSync(ACTION, 'utf8')))
}
