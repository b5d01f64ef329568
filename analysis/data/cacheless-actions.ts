// Actions that are known to use no cache of the repository.
import type { Step } from '../workflow/step.ts'
import data from './cacheless-actions.json' with { type: 'json' }

const names: ReadonlySet<string> = new Set(data.actions)

/** False for actions of which nothing is known, too. */
export const usesNoCache = ({ uses }: Step): boolean => uses === null || names.has(uses.name.toLowerCase())
