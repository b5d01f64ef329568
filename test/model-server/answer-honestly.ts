// What a well-behaved model would answer to our questions, by script: an explanation of every finding, a fix for the rules that this
// script knows, a summary. Says nothing that only a real model could know.
import type { LoggedRequest, ModelStep } from './start-model-server.ts'

export interface AskedItem {
  readonly id: string
  readonly rule?: string
  readonly message?: string
  readonly excerpt?: string
  readonly findings?: string
}

/** The data between the marks of a request. */
export function itemsOf({ user }: Pick<LoggedRequest, 'user'>): readonly AskedItem[] {
  const [, , json = '[]'] = /<(data-[0-9a-f]+)>\n([^]*)\n<\/\1>$/.exec(user) ?? []
  return JSON.parse(json) as AskedItem[]
}

export function purposeOf({ user }: Pick<LoggedRequest, 'user'>): 'explain' | 'fix' | 'summarise' {
  return user.startsWith('Sum') ? 'summarise' : user.includes('(old, ') ? 'fix' : 'explain'
}

export function answerHonestly(request: LoggedRequest): ModelStep {
  const answers = itemsOf(request).flatMap((item) => answersTo(purposeOf(request), item))
  return { kind: 'answer', text: JSON.stringify({ answers }) }
}

function answersTo(purpose: ReturnType<typeof purposeOf>, item: AskedItem): readonly object[] {
  const { id, rule = '' } = item
  if (purpose === 'summarise') return [{ id, summary: 'The pipelines have drifted in a few places. Repair the retired runner first, because nothing runs without it.' }]
  if (purpose === 'explain') return [{ id, category: 'maintainability', explanation: `The rule ${rule} found this place.`, recommendation: 'Follow the page of the rule.' }]
  const edit = fixOf(item)
  return edit === null ? [] : [{ id, ...edit }]
}

function fixOf({ rule, excerpt = '' }: AskedItem): object | null {
  if (rule === 'missing-concurrency' && excerpt.includes('concurrency:\n')) {
    return { description: 'Runs of the same branch wait for each other.', edits: [{ old: 'concurrency:\n', new: 'concurrency:\n  cancel-in-progress: false\n' }] }
  }
  const [job] = /^ {2}[\w-]+:\n/.exec(excerpt) ?? []
  return rule === 'anonymous-definition' && job !== undefined ? { description: 'The job gets a name.', edits: [{ old: job, new: `${job}    name: Tests\n` }] } : null
}
