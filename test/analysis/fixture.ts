// Reads a rule's fixture folder: one case per `bad-*.yml` or `ok-*.yml`, with its settings (CONTRIBUTING.md says how to write them).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnalyseInput, SourceFile } from '../../analysis/analyse.ts'
import type { FactAnswer, Facts, FactValues, Release } from '../../analysis/fact.ts'
import type { FixSafety, Profile } from '../../analysis/finding.ts'
import type { Policy } from '../../analysis/policy/policy.ts'
import { CODE_OWNERS_FILES, POLICY_FILE } from '../../analysis/pipeline-path.ts'
import { readPolicyFile } from '../../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { governedPolicy } from '../../analysis/policy/tighten.ts'

export const RULE_FIXTURES = join(import.meta.dirname, 'rules')

interface Settings {
  readonly today?: string
  /** `github.com`, `ghes` or `ghes-3.20`. */
  readonly host?: string
  readonly profile?: Profile
  readonly path?: string
  /** Which fixes the .fixed.yml shows: `unsafe` (all, the default), `safe`, or `none`. */
  readonly fix?: FixSafety | 'none'
  /** `all` applies the fixes of every rule, `own` (the default) those of the folder's rule. */
  readonly fixes?: 'own' | 'all'
  /** By factKey: a commit (a tag's), a list of releases, a value of the fact's kind, or `unknown: reason`. */
  readonly facts?: Readonly<Record<string, string | readonly Release[] | FactValues[keyof FactValues]>>
  readonly paths?: readonly string[]
  /** Further files of the repository, path to text. */
  readonly files?: Readonly<Record<string, string>>
  readonly policy?: Partial<Policy>
  /** The text of the organisation's policy; the case's own file is then read as the repository's. */
  readonly organisation?: string
  readonly repositoryName?: string
  readonly defaultBranch?: string
  /** The text of the first CODEOWNERS file among the paths. */
  readonly codeOwners?: string
  /** Manifests that were read, path to text. */
  readonly manifests?: Readonly<Record<string, string>>
}

export interface RuleCase {
  readonly name: string
  readonly isBad: boolean
  readonly input: AnalyseInput
  readonly path: string
  readonly text: string
  readonly fix: FixSafety | 'none'
  readonly fixes: 'own' | 'all'
  /** Null where the file is missing. */
  readonly expected: string | null
  readonly fixed: string | null
  /** What the fixes write outside of the files, each behind a line `=== path`; '' where the file is missing. */
  readonly written: string
}

/** Every case of the folder `test/analysis/rules/<ruleId>`, sorted by name. */
export function readRuleCases(ruleId: string): readonly RuleCase[] {
  const folder = join(RULE_FIXTURES, ruleId)
  const read = (name: string): string | null => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml') && !name.endsWith('.fixed.yml'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.yml'.length)
      // Through a buffer, because readFileSync would leave a byte order mark in place and so does the engine.
      const text = read(file) ?? ''
      const sibling = read(`${name}.json`)
      const settings = sibling === null ? settingsOf(text) : (JSON.parse(sibling) as Settings)
      const path = settings.path ?? defaultPath(name)
      return {
        name, path, text,
        isBad: name.startsWith('bad-'),
        input: inputOf(settings, { path, text }),
        fix: settings.fix ?? 'unsafe',
        fixes: settings.fixes ?? 'own',
        expected: read(`${name}.out`),
        fixed: read(`${name}.fixed.yml`),
        written: read(`${name}.written`) ?? '',
      }
    })
}

function defaultPath(name: string): string {
  if (name.endsWith('.action')) return 'action.yml'
  if (name.endsWith('.dependabot')) return '.github/dependabot.yml'
  return `.github/workflows/${name}.yml`
}

/** `# test: key=value key=value` in the first line. */
function settingsOf(text: string): Settings {
  const match = /^\uFEFF?# test: (.*)/.exec(text)
  if (match === null) return {}
  const settings: Record<string, string> = {}
  const facts: Record<string, string> = {}
  for (const word of (match[1] ?? '').trim().split(/\s+/)) {
    const equals = word.indexOf('=')
    const [key, value] = [word.slice(0, equals), word.slice(equals + 1)]
    if (key.startsWith('ref:')) facts[key] = value
    else settings[key] = value
  }
  return { ...settings, facts }
}

function inputOf(settings: Settings, file: SourceFile): AnalyseInput {
  const host = settings.host ?? 'github.com'
  const files = Object.entries(settings.files ?? {}).map(([path, text]) => ({ path, text }))
  return {
    files: [file, ...files],
    ...(settings.repositoryName === undefined ? {} : { repositoryName: settings.repositoryName }),
    ...(settings.defaultBranch === undefined ? {} : { defaultBranch: settings.defaultBranch }),
    ...(settings.codeOwners === undefined ? {} : { codeOwners: { path: CODE_OWNERS_FILES.find((path) => settings.paths?.includes(path)) ?? '', text: settings.codeOwners } }),
    ...(settings.manifests === undefined ? {} : { manifests: Object.entries(settings.manifests).map(([path, text]) => ({ path, text })) }),
    paths: settings.paths ?? null,
    policy: { ...policyOf(settings, file), ...settings.policy },
    facts: factsOf(settings.facts ?? {}),
    today: settings.today ?? '2026-11-24',
    host: host === 'github.com' ? { kind: 'github.com' } : { kind: 'ghes', version: host.split('-')[1] ?? null },
  }
}

function policyOf({ organisation, profile = 'auditor' }: Settings, file: SourceFile): Policy {
  if (organisation === undefined) return { ...DEFAULT_POLICY, profile }
  return governedPolicy({ organisation: readPolicyFile({ path: POLICY_FILE, text: organisation }, DEFAULT_POLICY), profile, file })
}

function factsOf(facts: NonNullable<Settings['facts']>): Facts {
  const answers = new Map<string, FactAnswer>()
  for (const [key, value] of Object.entries(facts)) {
    if (Array.isArray(value)) answers.set(key, { status: 'known', value: { releases: value as readonly Release[] } })
    else if (typeof value !== 'string') answers.set(key, { status: 'known', value: value as FactValues[keyof FactValues] })
    else if (value.startsWith('unknown')) answers.set(key, { status: 'unknown', reason: value.slice('unknown:'.length).trim() })
    else answers.set(key, { status: 'known', value: { commit: value, type: 'tag' } })
  }
  return answers
}
