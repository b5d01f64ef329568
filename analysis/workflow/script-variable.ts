// Where the value of a variable comes from that a script reads: what the script itself gives it, as far as that is plain to see,
// else its environment.
import type { Origin } from './value-origin.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import { variableSourcesOf } from './value-origin.ts'

/** Texts of commits and names of files, which whoever wrote the commit chose. */
const GIT_READS = /^["']?(?:\$\(|`)\s*git\s+(?:log\b[^|)]*(?:--(?:format|pretty)[= ]["']?[^|)]*%(?:s|B|b|an|f)|--oneline|--name-only)|(?:diff|show)\b[^|)]*--name-(?:only|status))[^|)]*(?:\|\s*(?:xargs|head|tail|sort|uniq)\b[^|)]*)*(?:\)|`)["']?\s*$/

/** `$(<file)`, `$(cat file)`: the file's text. */
const FILE_READS = /^["']?(?:\$\(|`)\s*(?:<\s*|(?:cat|head|tail)\s+(?:-\w+\s*\d*\s+)*)["']?((?![-|$"'/~])[\w./-]+)["']?[^|)]*(?:\|\s*(?:xargs|head|tail)\b[^|)]*)*(?:\)|`)["']?\s*$/

export function scriptVariableOrigins(step: Step, name: string, repository: Repository): readonly Origin[] {
  const assigned = lastAssignment(step.run?.text ?? '', name)
  if (assigned === null) return variableSourcesOf(name, { step, job: step.job }, repository)
  if (GIT_READS.test(assigned)) return [{ domain: 'text', by: 'outsider', events: null, path: `the commits that ${name} is read from`, readBy: step }]
  const file = FILE_READS.exec(assigned)?.[1]
  if (file !== undefined) return [{ domain: 'text', by: 'outsider', events: null, path: `the file ${file}`, readBy: step }]
  const other = /^["']?\$\{?(\w+)\}?["']?\s*$/.exec(assigned)?.[1]
  return other === undefined || other === name ? [] : variableSourcesOf(other, { step, job: step.job }, repository)
}

/** What stands behind `NAME=`; null where the script gives it no value. */
function lastAssignment(script: string, name: string): string | null {
  const found = [...script.matchAll(new RegExp(`(?:^|[;&\\s])(?:read\\s[^\\n;]*\\b${name}\\b|for\\s+${name}\\s+in\\b|${name}=([^\\n;]*))`, 'g'))].at(-1)
  return found === undefined ? null : (found[1] ?? '')
}
