// The inputs as a runner fills them in: the defaults of action.yml, overlaid with what the workflow gives.
import { readFileSync } from 'node:fs'
import { parse } from '../../analysis/source/parse.ts'
import type { MappingNode, YamlNode } from '../../analysis/source/node.ts'
import { REPOSITORY_ROOT } from './repository-root.ts'

const TOKEN_EXPRESSION = '${{ github.token }}'

/** INPUT_* variables by the runner's rule: upper case, blanks to underscores, hyphens kept. */
export function inputVariables(given: Readonly<Record<string, string>>, githubToken: string): Record<string, string> {
  const defaults = actionDefaults()
  for (const name of Object.keys(given)) if (!(name in defaults)) throw new Error(`action.yml has no input '${name}'`)
  const entries = Object.entries({ ...defaults, ...given })
  return Object.fromEntries(entries.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value === TOKEN_EXPRESSION ? githubToken : value]))
}

function actionDefaults(): Record<string, string> {
  const { root } = parse(readFileSync(new URL('action.yml', REPOSITORY_ROOT), 'utf8'))
  const inputs = mappingIn(root, 'inputs')
  return Object.fromEntries((inputs?.pairs ?? []).map(({ key, value }) => [key.text, scalarIn(value, 'default')]))
}

function valueOf(node: YamlNode | null, key: string): YamlNode | null {
  return node?.kind === 'mapping' ? (node.pairs.find((pair) => pair.key.text === key)?.value ?? null) : null
}

function mappingIn(node: YamlNode | null, key: string): MappingNode | null {
  const value = valueOf(node, key)
  return value?.kind === 'mapping' ? value : null
}

function scalarIn(node: YamlNode, key: string): string {
  const value = valueOf(node, key)
  return value?.kind === 'scalar' ? value.text : ''
}
