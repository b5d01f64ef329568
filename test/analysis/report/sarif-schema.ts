// The essentials of the published SARIF 2.1.0 schema (OASIS, errata 01, sections 3.13 to 3.58) as a checker: which properties the
// objects that we write may have, which they must have, and of what form. Objects that we never write are left out.

type Check = (value: unknown, at: string) => string[]

const text: Check = (value, at) => (typeof value === 'string' ? [] : [`${at} is no string`])
const truth: Check = (value, at) => (typeof value === 'boolean' ? [] : [`${at} is no boolean`])
const atLeast = (least: number): Check => (value, at) => (Number.isInteger(value) && (value as number) >= least ? [] : [`${at} is no integer >= ${least}`])
const oneOf = (...values: readonly string[]): Check => (value, at) => (values.includes(value as string) ? [] : [`${at} is none of ${values.join(', ')}`])
const reference: Check = (value, at) => (typeof value === 'string' && /^[A-Za-z0-9._~!$&'()*+,;=:@/%?-]*$/.test(value) && !/%(?![0-9A-F]{2})/.test(value) ? [] : [`${at} is no URI reference`])
const address: Check = (value, at) => (typeof value === 'string' && URL.canParse(value) ? [] : [`${at} is no URI`])
const bag: Check = (value, at) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? [] : [`${at} is no object`])

function list(item: Check, { least = 0, unique = false } = {}): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return [`${at} is no array`]
    const faults = value.flatMap((each, index) => item(each, `${at}[${index}]`))
    if (value.length < least) faults.push(`${at} has fewer than ${least} items`)
    if (unique && new Set(value.map((each) => JSON.stringify(each))).size < value.length) faults.push(`${at} repeats an item`)
    return faults
  }
}

function object(required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`]
    const missing = Object.keys(required).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`)
    return [...missing, ...Object.entries(value).flatMap(([name, each]) => {
      const check = required[name] ?? optional[name]
      return check === undefined ? [`${at}.${name} is no property`] : check(each, `${at}.${name}`)
    })]
  }
}

const texts: Check = (value, at) => (bag(value, at).length > 0 ? bag(value, at) : Object.entries(value as object).flatMap(([name, each]) => text(each, `${at}.${name}`)))
const level = oneOf('none', 'note', 'warning', 'error')
const message = object({ text })
const artifactLocation = object({}, { uri: reference, uriBaseId: text, index: atLeast(-1) })
const region = object({ startLine: atLeast(1) }, { startColumn: atLeast(1), endLine: atLeast(1), endColumn: atLeast(1) })
const location = object({}, { physicalLocation: object({ artifactLocation }, { region }) })
const replacement = object({ deletedRegion: region }, { insertedContent: object({ text }) })
const fix = object({ artifactChanges: list(object({ artifactLocation, replacements: list(replacement, { least: 1 }) }), { least: 1, unique: true }) }, { description: message })
const suppression = object({ kind: oneOf('inSource', 'external') }, { justification: text, status: oneOf('accepted', 'underReview', 'rejected') })
const notification = object({ message }, { level, locations: list(location, { unique: true }) })
const rule = object({ id: text }, {
  shortDescription: object({ text }, { markdown: text }),
  help: object({ text }, { markdown: text }),
  helpUri: address,
  defaultConfiguration: object({}, { level }),
  properties: bag,
})
const result = object({ message }, {
  ruleId: text, ruleIndex: atLeast(-1), level, locations: list(location), partialFingerprints: texts, properties: bag,
  fixes: list(fix, { unique: true }), suppressions: list(suppression, { unique: true }),
})
const driver = object({ name: text }, { semanticVersion: text, informationUri: address, rules: list(rule, { unique: true }) })
const invocation = object({ executionSuccessful: truth }, { toolExecutionNotifications: list(notification) })
const run = object({ tool: object({ driver }) }, { columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'), invocations: list(invocation), results: list(result) })
const log = object({ version: oneOf('2.1.0'), runs: list(run) }, { $schema: address })

/** What is wrong with a SARIF log, each with its place; empty when nothing is. */
export const faultsIn = (value: unknown): readonly string[] => log(value, 'log')
