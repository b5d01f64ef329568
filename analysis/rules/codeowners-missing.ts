// Finds repositories whose code owners do not include workflows and actions: a change of them then needs nobody's review.
// Leaves out whether the branch demands the owners' review, and whether the named teams exist.
import type { WrittenFile } from '../finding.ts'
import type { FileFix } from './rule.ts'
import { FOREIGN_FOLDER } from '../generate/stack-table.ts'
import { CODE_OWNERS_FILES, isPipelinePath } from '../pipeline-path.ts'
import { createHasOwner, isOwner, patternOf } from '../workflow/code-owners.ts'
import { isFirstPipeline, FIRST_LINE } from '../workflow/first-pipeline.ts'
import { listsCode } from '../workflow/local-target.ts'
import { defineRule } from './rule.ts'

const WORKFLOWS = '.github/workflows/'
/** A workflow that somebody may add. */
const NEW_WORKFLOW = `${WORKFLOWS}new.yml`
const ACTION = /(?:^|\/)action\.ya?ml$/
const MOST_NAMED = 3
/** Workflows, and as many actions: more than a repository has. Fewer under a CODEOWNERS file of hundreds of kilobytes, by the characters that are compared. */
const MOST_JUDGED = 300
const MOST_COMPARED = 10_000_000

export const codeownersMissing = defineRule({
  meta: {
    id: 'codeowners-missing',
    summary: 'Name who reviews changes of pipelines',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: {
      none: "no CODEOWNERS file: a change of workflows and actions needs nobody's review; add one with '{line}'",
      unowned: "'{file}' names no owner for {places}: a change there needs nobody's review; add '{line}' at its end",
    },
  },
  create(ctx) {
    const { repository: { paths, codeOwners }, policy } = ctx
    const owners = policy.pipelineOwners.join(' ')
    const lineFor = (place: string): string => `${patternOf(place) ?? place} ${owners === '' ? '@your-team' : owners}`
    return {
      file(file) {
        if (paths === null || !listsCode(ctx.repository) || !isFirstPipeline(file, ctx)) return
        const path = CODE_OWNERS_FILES.find((each) => paths.has(each))
        if (path === undefined) {
          const places = ['/.github/', ...placesOf(paths, () => false, MOST_JUDGED).filter((place) => !place.startsWith('/.github/'))]
          ctx.report({ message: 'none', at: FIRST_LINE, data: { line: lineFor('/.github/') }, fix: nameOwners({ kind: 'create', path: CODE_OWNERS_FILES[0] ?? '' }, places, policy.pipelineOwners), identity: '' })
        } else if (codeOwners?.path === path) {
          const places = placesOf(paths, createHasOwner(codeOwners.text), Math.min(MOST_JUDGED, Math.ceil(MOST_COMPARED / (codeOwners.text.length + 1))))
          const [first] = places
          if (first === undefined) return
          ctx.report({ message: 'unowned', at: FIRST_LINE, data: { file: path, places: listOf(places), line: lineFor(first) }, fix: nameOwners({ kind: 'append', path }, places, policy.pipelineOwners), identity: 'unowned' })
        }
      },
    }
  },
})

/** Folders and files of pipelines without an owner, each with its leading slash. A workflow that is new has to have one too. */
function placesOf(paths: ReadonlySet<string>, hasOwner: (path: string) => boolean, most: number): readonly string[] {
  const workflows = [...paths].filter((path) => path.startsWith(WORKFLOWS) && isPipelinePath(path)).slice(0, most)
  const isWhole = workflows.length > 0 && !hasOwner(NEW_WORKFLOW)
  const unowned = isWhole ? [WORKFLOWS] : workflows.filter((path) => !hasOwner(path))
  const actions = [...paths].filter((path) => ACTION.test(path) && !path.startsWith(WORKFLOWS) && !FOREIGN_FOLDER.test(path)).slice(0, most).filter((path) => !hasOwner(path))
  return [...unowned, ...actions.map((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : path))].map((place) => `/${place}`)
}

/** Null where the policy names nobody, or a path cannot be written as a pattern. */
function nameOwners({ kind, path }: Omit<WrittenFile, 'text'>, places: readonly string[], owners: readonly string[]): FileFix | null {
  const patterns = places.map(patternOf)
  if (owners.length === 0 || !owners.every(isOwner) || patterns.includes(null)) return null
  const text = patterns.map((pattern) => `${pattern ?? ''} ${owners.join(' ')}\n`).join('')
  return { kind: 'file', safety: 'unsafe', description: `${kind === 'create' ? `create ${path} with` : `add to ${path}`} ${owners.join(' ')} for ${listOf(places)}`, file: { kind, path, text } }
}

function listOf(places: readonly string[]): string {
  const named = places.slice(0, MOST_NAMED).map((place) => `'${place}'`).join(', ')
  return places.length > MOST_NAMED ? `${named} and ${places.length - MOST_NAMED} more` : named
}
