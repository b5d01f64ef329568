// Other tools' suppression comments in our own form. A comment becomes one of ours only where it silences something here, names
// exactly the rules that it silences, and the findings that remain are the same before and after.
import type { AnalyseInput } from '../analyse.ts'
import type { Finding, TextEdit } from '../finding.ts'
import { analyse } from '../analyse.ts'
import { readSuppressions, type Suppression } from '../policy/suppressions.ts'
import { applyEdits } from '../source/edits.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { equivalentsOf } from './carried-over.ts'

export interface Converted {
  readonly path: string
  readonly before: string
  readonly after: string
  readonly count: number
}

export interface Conversion {
  readonly files: readonly Converted[]
  /** Comments that stay as they are, one sentence each. */
  readonly left: readonly string[]
}

/** Where a comment gives no reason, `reason` is it. `by` has no blanks, neither has line breaks. */
export function convertSuppressions(input: AnalyseInput, { by, reason }: { readonly by: string; readonly reason: string }): Conversion {
  const judged: AnalyseInput = { ...input, policy: { ...input.policy, profile: 'auditor', honourSuppressions: true, suppressions: [] } }
  const { findings } = analyse(judged)
  const files: Converted[] = []
  const left: string[] = []
  for (const source of input.files) {
    if (!('text' in source)) continue
    const file = createPipelineFile(source.path, source.text)
    const edits: TextEdit[] = []
    for (const suppression of readSuppressions(file)) {
      if (suppression.tool === null) continue
      const ids = silencedBy(suppression, findings.filter(({ path }) => path === source.path))
      const place = `${source.path}:${file.lines.lineOf(suppression.start)}`
      const isAlone = /^#\s*(?:zizmor|poutine):/.test(source.text.slice(suppression.start, suppression.end))
      const isWhole = suppression.ids.every((name) => equivalentsOf(suppression.tool ?? '', [name]).some((id) => ids.includes(id)))
      if (ids.length === 0) left.push(`${place}: the comment for ${suppression.tool} silences nothing here`)
      else if (!isAlone || !isWhole) left.push(`${place}: the comment for ${suppression.tool} says more than can be converted`)
      else edits.push({ start: suppression.start, end: suppression.end, text: `# autodevops: ignore[${ids.join(',')}] by=${by} ${reasonOf(suppression) ?? reason}` })
    }
    if (edits.length === 0) continue
    const converted: Converted = { path: source.path, before: source.text, after: applyEdits(source.text, edits), count: edits.length }
    if (isSame(judged, findings, converted)) files.push(converted)
    else left.push(`${source.path}: its comments stay, because other findings would show`)
  }
  return { files, left }
}

const silencedBy = ({ tool, ids, lines }: Suppression, findings: readonly Finding[]): readonly string[] => {
  const meant = ids.length === 0 ? null : equivalentsOf(tool ?? '', ids)
  const silenced = findings.filter(({ suppressed, start, ruleId }) => suppressed?.kind === 'foreign' && lines.includes(start.line) && meant?.includes(ruleId) !== false)
  return [...new Set(silenced.map(({ ruleId }) => ruleId))].sort()
}

/** Without the punctuation that parted it from the comment. */
const reasonOf = ({ reason }: Suppression): string | null => reason?.replace(/^[\s#:;,()-]+/, '').trim() || null

function isSame(input: AnalyseInput, before: readonly Finding[], { path, after }: Converted): boolean {
  const open = (findings: readonly Finding[]): string =>
    JSON.stringify(findings.filter((finding) => finding.path === path && finding.suppressed === undefined).map(({ ruleId, start, message }) => [ruleId, start.line, message]))
  const files = input.files.map((source) => (source.path === path ? { path, text: after } : source))
  return open(before) === open(analyse({ ...input, files }).findings)
}
