// Inputs for engine tests: one file or several, defaults for the rest.
import type { AnalyseInput } from '../../analysis/analyse.ts'
import type { Scope } from '../../analysis/examine.ts'
import type { Rule } from '../../analysis/rules/rule.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { prepare } from '../../analysis/prepare.ts'

export const WORKFLOW_PATH = '.github/workflows/ci.yml'

/** Regular profile, no facts, 2026-11-24, github.com, unless `more` says otherwise. A text stands for one workflow. */
export function inputOf(files: string | AnalyseInput['files'], more: Partial<AnalyseInput> = {}): AnalyseInput {
  return {
    files: typeof files === 'string' ? [{ path: WORKFLOW_PATH, text: files }] : files,
    paths: null,
    policy: DEFAULT_POLICY,
    facts: new Map(),
    today: '2026-11-24',
    host: { kind: 'github.com' },
    ...more,
  }
}

/** The scope of an input, with these rules in place of the registry's. */
export const scopeWith = (rules: readonly Rule[], input: AnalyseInput): Scope => ({ ...prepare(input).scope, rules })

/** One job whose steps are these lines, each indented below `steps:`. */
export const stepsOf = (...lines: readonly string[]): string =>
  `on: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n${lines.map((line) => `      ${line}\n`).join('')}`
