// Writes docs/policy.schema.json, the JSON Schema by which editors check and complete a policy file, from the schema that the
// engine walks (analysis/data/policy-schema.json). Leaves out the ids of the rules: the command `rules` lists them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import policy from '../analysis/data/policy-schema.json' with { type: 'json' }

interface Property {
  readonly type: string
  readonly required?: boolean
  readonly description?: string
}

interface Definition {
  readonly mapping?: { readonly properties?: Readonly<Record<string, Property>>; readonly 'loose-value-type'?: string }
  readonly sequence?: { readonly 'item-type': string }
  readonly boolean?: object
  readonly string?: { readonly 'require-non-empty'?: boolean }
  readonly 'one-of'?: readonly string[]
  readonly 'allowed-values'?: readonly string[]
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RULES = 'rules'
const definitions: Readonly<Record<string, Definition>> = policy.definitions
const bounds: Readonly<Record<string, { readonly above: number }>> = policy.bounds

export const POLICY_SCHEMA_FILE = join(ROOT, 'docs/policy.schema.json')

/** The text of the JSON Schema, draft 2020-12. Throws for a part of the dialect that it does not know. */
export function generatePolicySchema(): string {
  const root = mappingOf('policy-root')
  const document = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'AutoDevOps policy file', ...root }
  return `${JSON.stringify(document, null, 2)}\n`
}

function mappingOf(name: string): object {
  const { properties = {}, 'loose-value-type': loose } = definitions[name]?.mapping ?? {}
  const required = Object.entries(properties).flatMap(([key, property]) => (property.required === true ? [key] : []))
  const schemaOfKey = (key: string, { type, description }: Property): object => {
    const bound = bounds[`${name}.${key}`]
    return { ...(description === undefined ? {} : { description }), ...(bound === undefined ? schemaOfType(type) : { type: 'integer', minimum: bound.above + 1 }) }
  }
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, schemaOfKey(key, property)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: loose === undefined ? false : schemaOfType(loose),
  }
}

function schemaOfType(name: string): object {
  if (name === 'boolean') return { type: 'boolean' }
  const definition = definitions[name]
  if (name === RULES) return { type: 'object', propertyNames: { pattern: '^[a-z0-9-]+$' }, additionalProperties: schemaOfType('rule-setting') }
  if (definition?.mapping !== undefined) return mappingOf(name)
  if (definition?.sequence !== undefined) return { type: 'array', items: schemaOfType(definition.sequence['item-type']) }
  if (definition?.['one-of'] !== undefined) return { anyOf: definition['one-of'].map(schemaOfType) }
  if (definition?.['allowed-values'] !== undefined) return { enum: definition['allowed-values'] }
  if (definition?.boolean !== undefined) return { type: 'boolean' }
  if (definition?.string !== undefined) return { type: 'string', ...(definition.string['require-non-empty'] === true ? { minLength: 1 } : {}) }
  throw new Error(`the definition '${name}' is of no kind that this script knows`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(POLICY_SCHEMA_FILE, generatePolicySchema())
