// An organisation's policy is written as a policy file and read by the same code: the schema's own findings are what refuses it.
import { analyse } from '../../analysis/analyse.ts'
import { NO_FACTS } from '../../analysis/fact.ts'
import { POLICY_FILE } from '../../analysis/pipeline-path.ts'
import { readPolicyFile } from '../../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY, type Policy } from '../../analysis/policy/policy.ts'
import { AppError } from '../errors.ts'

const MOST_PROBLEMS = 5

/** Throws POLICY_INVALID, which names what is wrong. */
export function readPolicyText(text: string, today: string): Policy {
  const file = { path: POLICY_FILE, text }
  const { findings } = analyse({ files: [file], paths: null, policy: DEFAULT_POLICY, facts: NO_FACTS, today, host: { kind: 'github.com' } })
  // `info` is what this version does not know: a newer repository may.
  const problems = findings.filter(({ severity, suppressed }) => severity !== 'info' && suppressed === undefined)
  if (problems.length > 0) {
    throw new AppError('POLICY_INVALID', { detail: problems.slice(0, MOST_PROBLEMS).map(({ start, message }) => `line ${start.line}: ${message}`).join('; ') })
  }
  return { ...readPolicyFile(file, DEFAULT_POLICY), source: null }
}
