// The first step of every run: files to trees and views, the repository around them, and the scope in which rules run.
import type { AnalyseInput, SourceFile } from './analyse.ts'
import type { FileOutcome, Finding } from './finding.ts'
import type { Scope } from './examine.ts'
import type { PipelineFile } from './workflow/pipeline-file.ts'
import { hash128 } from './fingerprint.ts'
import { isIgnored, isShown } from './policy/policy.ts'
import { registry, rules } from './rules/index.ts'
import { createPipelineFile } from './workflow/pipeline-file.ts'
import { createRepository } from './workflow/repository.ts'

/** A file to examine, or one without text and the finding that stands for it. */
export type PreparedFile =
  | { readonly file: PipelineFile; readonly outcome: FileOutcome }
  | { readonly file: null; readonly outcome: FileOutcome; readonly finding: Finding }

export interface Prepared {
  /** One call per file, in the order of the input. A file is parsed when it is called for, so that one tree at a time is alive. */
  readonly files: readonly (() => PreparedFile)[]
  readonly scope: Scope
}

/** Problems after which the text is no YAML document; what could be recovered is analysed all the same. */
const UNREADABLE = new Set(['syntax', 'tab-indent', 'too-deep', 'empty'])

export function prepare(input: AnalyseInput): Prepared {
  const { policy, facts, today, host } = input
  const texts = new Map([...(input.neighbours ?? []), ...input.files].flatMap((source) => ('text' in source ? [[source.path, source.text] as const] : [])))
  const repository = createRepository(texts, input.paths, { name: input.repositoryName, defaultBranch: input.defaultBranch, codeOwners: input.codeOwners, manifests: input.manifests })
  return {
    files: input.files.filter(({ path }) => !isIgnored(path, policy)).map((source) => () => prepareFile(source, input)),
    // What a rule says at its own profile is the most that it says: below that nobody would read it.
    scope: { rules: rules.filter(({ meta }) => isShown(meta, policy)), registry, repository, policy, facts, today, host, wanted: new Map() },
  }
}

function prepareFile(source: SourceFile, { policy }: AnalyseInput): PreparedFile {
  const { path } = source
  if ('error' in source) {
    return { file: null, outcome: { path, kind: 'unknown', status: 'unreadable', error: source.error }, finding: unreadable(path, source.error, policy) }
  }
  const file = createPipelineFile(path, source.text, path === policy.source ? 'policy' : undefined)
  const problem = file.tree.problems.find(({ code }) => UNREADABLE.has(code))
  if (problem === undefined) return { file, outcome: { path, kind: file.kind, status: 'analysed' } }
  return { file, outcome: { path, kind: file.kind, status: 'unreadable', error: problem.message } }
}

/** A text that never reached the parser is reported under the rule for texts that do not parse. */
function unreadable(path: string, error: string, policy: AnalyseInput['policy']): Finding {
  const ruleId = 'yaml-syntax'
  const start = { line: 1, column: 1 }
  const severity = policy.rules[ruleId]?.severity ?? 'high'
  const message = `this file cannot be read: ${error}`
  return { ruleId, message, severity, confidence: 'high', profile: 'regular', path, start, end: start, fingerprint: hash128(`${ruleId}\n${path}`), fix: null }
}
