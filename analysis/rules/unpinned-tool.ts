// Finds actions that install the newest version of their tool, because nobody says which one.
// Leaves out actions that are not listed, and those that carry a fixed version of their tool.
import type { Release } from '../fact.ts'
import type { ToolAction } from '../data/tool-actions.ts'
import type { Step } from '../workflow/step.ts'
import type { EditsFix } from './rule.ts'
import { toolAction } from '../data/tool-actions.ts'
import { setInput } from '../fixes/set-input.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { inputOf, inputPair } from '../workflow/step-input.ts'
import { defineRule } from './rule.ts'

/** A release is taken only when somebody had a week to notice that it is bad. */
const MIN_AGE_DAYS = 7
const DAY_MS = 86_400_000

export const unpinnedTool = defineRule({
  meta: {
    id: 'unpinned-tool',
    summary: 'Name the version of every tool that an action installs',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['unpinned-tools'] },
    messages: {
      absent: "'{uses}' installs the newest version of its tool; set '{input}' to the version that was tested",
      latest: "'{input}: {value}' installs whatever version is the newest; set it to the version that was tested",
      expression: { text: "'{input}' comes from an expression, so this line does not say which version '{uses}' installs; write it out", confidence: 'low' },
    },
  },
  create(ctx) {
    return {
      uses({ form, name, node, step }) {
        const tool = form === 'repository' && step !== null ? toolAction(name) : undefined
        if (tool === undefined || step === null) return
        const pair = inputPair(step, tool.input)
        const value = inputOf(step, tool.input)
        const text = value?.text.trim() ?? ''
        const data = { uses: name, input: tool.input, value: text }
        if (pair === undefined || text === '') {
          const isChosen = tool.others.some((input) => inputPair(step, input) !== undefined) || (step.with === null && hasDynamicInputs(step))
          if (tool.isNewestByDefault && !isChosen) ctx.report({ message: 'absent', at: node, data, fix: fixFor(step, tool) })
        } else if (hasExpression(text)) ctx.report({ message: 'expression', at: pair.key, data })
        else if (text.toLowerCase() === 'latest') ctx.report({ message: 'latest', at: pair.key, data, fix: fixFor(step, tool) })
      },
    }

    function fixFor(step: Step, { input, tool, isBare }: ToolAction): EditsFix | null {
      if (tool === null) return null
      ctx.want({ kind: 'releases', repository: tool })
      const answer = ctx.fact({ kind: 'releases', repository: tool })
      const release = answer?.status === 'known' ? newestOf(answer.value.releases, ctx.today) : undefined
      if (release === undefined) return null
      const version = isBare ? release.tag.replace(/^v(?=\d)/, '') : release.tag
      const edit = setInput(step, input, `'${version}'`)
      return edit && { kind: 'edits', safety: 'unsafe', description: `Install ${tool} ${version}, the newest release of today`, edits: [edit] }
    }
  },
})

/** `with` is one expression. */
const hasDynamicInputs = ({ node }: Step): boolean => node.pairs.some(({ key, value }) => key.text === 'with' && value.kind === 'scalar' && hasExpression(value.text))

function newestOf(releases: readonly Release[], today: string): Release | undefined {
  const limit = Date.parse(today) - MIN_AGE_DAYS * DAY_MS
  return releases.find(({ prerelease, publishedAt, tag }) => !prerelease && Date.parse(publishedAt) <= limit && /^v?\d[\w.-]*$/.test(tag))
}
