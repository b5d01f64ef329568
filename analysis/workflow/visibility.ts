// Whether the analysed repository is public, as the code host says it.
import type { RuleContext } from '../rules/rule.ts'

/** Asks for it; null while nobody knows it, and without a name to ask for. */
export function visibilityOf({ repository: { name }, want, fact }: Pick<RuleContext, 'repository' | 'want' | 'fact'>): 'public' | 'private' | null {
  if (name === null) return null
  const request = { kind: 'repository', repository: name } as const
  want(request)
  const answer = fact(request)
  return answer?.status === 'known' && answer.value.state === 'present' ? answer.value.visibility : null
}
