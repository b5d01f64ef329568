// Writes analysis/data/github-schema.json: GitHub's own workflow and action schema, as its package publishes it, one
// definition a line. Leaves out descriptions and what the two strict roots do not reach. The package's exports map hides
// the files, so they are read by path.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Property {
  readonly type: string
  readonly required?: boolean
}

interface Mapping {
  readonly properties?: Readonly<Record<string, string | Property>>
  readonly 'loose-key-type'?: string
  readonly 'loose-value-type'?: string
}

interface Definition {
  readonly description?: string
  readonly mapping?: Mapping
  readonly sequence?: { readonly 'item-type': string }
  readonly 'one-of'?: readonly string[]
}

type Definitions = Readonly<Record<string, Definition>>

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKAGE = '@actions/workflow-parser'
/** The version taken over and the day of that; change both together. */
const TAKEN = { version: '0.3.61', date: '2026-11-24' }

export const SCHEMA_FILE = join(ROOT, 'analysis/data/github-schema.json')

/** The text of the data file; throws when the installed package is not the version named here. */
export function generateSchema(): string {
  const folder = join(ROOT, 'node_modules', PACKAGE)
  const { version, license } = readJson(join(folder, 'package.json')) as { version: string; license: string }
  if (version !== TAKEN.version) throw new Error(`${PACKAGE} ${version} is installed, but ${TAKEN.version} is taken over here; update both`)
  const source = { package: PACKAGE, version, licence: `${license}, Copyright GitHub`, date: TAKEN.date }
  const parts = (['workflow', 'action'] as const).map((kind) => {
    const { definitions } = readJson(join(folder, `dist/${kind}-v1.0.min.json`)) as { definitions: Definitions }
    return `"${kind}": {\n${definitionLines(definitions, `${kind}-root-strict`).join(',\n')}\n}`
  })
  return `{\n"source": ${JSON.stringify(source)},\n${parts.join(',\n')}\n}\n`
}

function definitionLines(definitions: Definitions, root: string): string[] {
  const reached = new Set([root])
  const lines: string[] = []
  for (const name of reached) {
    const definition = definitions[name]
    if (!definition) continue // a built-in type: any, string, sequence ...
    lines.push(`${JSON.stringify(name)}: ${JSON.stringify(withoutDescriptions(definition))}`)
    for (const next of typesOf(definition)) reached.add(next)
  }
  return lines
}

function withoutDescriptions({ description: _, mapping, ...rest }: Definition): Definition {
  if (!mapping) return rest
  const properties = Object.entries(mapping.properties ?? {}).map(([key, property]) => [key, withoutDescription(property)] as const)
  return { ...rest, mapping: { ...mapping, ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}) } }
}

function withoutDescription(property: string | Property): string | Property {
  if (typeof property === 'string') return property
  return property.required ? { type: property.type, required: true } : property.type
}

function typesOf({ mapping, sequence, 'one-of': options }: Definition): string[] {
  const properties = Object.values(mapping?.properties ?? {}).map((property) => (typeof property === 'string' ? property : property.type))
  const others = [mapping?.['loose-key-type'], mapping?.['loose-value-type'], sequence?.['item-type']]
  return [...properties, ...others.filter((type) => type !== undefined), ...(options ?? [])]
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA_FILE, generateSchema())
