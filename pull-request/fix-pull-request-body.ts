// The text of a fix pull request: what was found before and what is left after, each change with its reason and its proof, and how
// to say no. Texts of the repository are quoted so that they can neither mention people nor imitate our marker.
import type { AnalyseResult } from '../analysis/analyse.ts'
import type { FixPlan as EnginePlan } from '../analysis/fixes/plan-fixes.ts'
import type { Severity } from '../analysis/finding.ts'
import type { PlanContext } from './fix-plan.ts'

/** GitHub takes 65,536 characters; the rest of the text and the marker need little. */
const MOST_TABLE_CHARACTERS = 50_000
const MOST_LEFT = 50
const GRADES: readonly Severity[] = ['high', 'medium', 'low', 'info']

const COMMANDS = '\n- Write a comment, if you may write to the repository: `/autodevops snooze 30d` closes it and brings what is left back after that, '
  + '`/autodevops close` closes it, `/autodevops rebase` takes the newest base in.'

export function fixBody(plan: EnginePlan, context: PlanContext): string {
  const { defaultBranch, commit, correlationId, analysisUrl, modelSummary = null, takesCommands = false } = context
  return [
    `The pipelines of ${code(defaultBranch)} have drifted (analysed at ${commit}). This pull request repairs what can be repaired without guessing.`,
    beforeAndAfter(plan),
    ...(modelSummary === null ? [] : [`> **Written by a model, checked by nobody:** ${quote(modelSummary)}`]),
    '### Changes',
    changes(plan),
    'Every change was proved before it was proposed: the result parses, the finding is gone, nothing new appeared, every line that no change '
    + 'names is byte for byte as it was, and a second run changes nothing.',
    left(plan),
    '### How to say no',
    '- Close this pull request: it does not come back for the same fixes.\n'
    + '- Push to its branch: the branch is yours then, and AutoDevOps leaves it alone.\n'
    + '- Keep one finding: put `# autodevops: ignore[rule-id] by=@you until=YYYY-MM-DD reason` on its line or the line above.\n'
    + '- Want none at all: set `fix-pr: never` where the workflow uses the action, or `pull-requests: { max-open: 0 }` in `.github/autodevops.yml`.'
    + (takesCommands ? COMMANDS : ''),
    `<sub>Analysis ${analysisUrl}${correlationId === null ? '' : ` · correlation id ${code(correlationId)}`}</sub>`,
  ].join('\n\n')
}

function beforeAndAfter({ before, after }: EnginePlan): string {
  const count = ({ findings }: AnalyseResult, grade: Severity) => findings.filter(({ severity, suppressed }) => severity === grade && suppressed === undefined).length
  const rows = GRADES.map((grade) => `| ${grade} | ${count(before, grade)} | ${count(after, grade)} |`)
  return ['| Findings | Before | After |', '| --- | ---: | ---: |', ...rows, `| **Score** (0 to 100) | ${round(before.score.total)} | ${round(after.score.total)} |`].join('\n')
}

const round = (score: number): number => Math.round(score * 10) / 10

function changes({ applied }: EnginePlan): string {
  const rows = applied.map(({ finding, description, safety, isGiven }) =>
    `| ${code(`${finding.path}:${finding.start.line}`)} | ${code(finding.ruleId)} | ${quote(finding.message)} | ${quote(description)}${isGiven ? ' (**written by a model**, checked by the engine)' : ''}${safety === 'unsafe' ? ' (**look at it**: it can change what the workflow does)' : ''} |`)
  return table(['| Place | Rule | Why | What changes |', '| --- | --- | --- | --- |'], rows, 'changes')
}

function left({ after }: EnginePlan): string {
  const open = after.findings.filter(({ suppressed }) => suppressed === undefined)
  if (open.length === 0) return 'Nothing else was found.'
  const rows = open.slice(0, MOST_LEFT).map(({ path, start, ruleId, message }) => `| ${code(`${path}:${start.line}`)} | ${code(ruleId)} | ${quote(message)} |`)
  const more = open.length > MOST_LEFT ? `\n\n${open.length - MOST_LEFT} more are in the analysis.` : ''
  return `<details><summary>What is left for a person: ${open.length}</summary>\n\n${table(['| Place | Rule | What |', '| --- | --- | --- |'], rows, 'findings')}${more}\n\n</details>`
}

function table(head: readonly string[], rows: readonly string[], what: string): string {
  const kept: string[] = []
  let size = 0
  for (const row of rows) {
    size += row.length
    if (size > MOST_TABLE_CHARACTERS / 2) break
    kept.push(row)
  }
  const cut = rows.length - kept.length
  return [...head, ...kept].join('\n') + (cut > 0 ? `\n\n${cut} more ${what} do not fit here; the commit and the analysis have them all.` : '')
}

/** Text of a repository inside a table cell. */
function quote(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_[\]|#]/g, '\\$&').replace(/@/g, '@\u200b')
}

function code(text: string): string {
  const plain = text.replace(/\s+/g, ' ').replace(/\|/g, '\\|')
  return plain.includes('`') ? `\`\` ${plain} \`\`` : `\`${plain}\``
}
