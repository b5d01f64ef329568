// Finds dependencies that no update bot watches: no bot at all, an ecosystem without an entry, folders of composite actions.
// Leaves out Renovate, which finds manifests by itself, and ecosystems whose only manifests belong to tests, examples or copied code.
import type { ActionMetadata } from '../workflow/action-metadata.ts'
import type { DependabotConfig, DependabotUpdate } from '../workflow/dependabot-config.ts'
import type { FileFix, RuleContext } from './rule.ts'
import { addUpdate, watchFolders } from '../fixes/add-update.ts'
import { detectStack } from '../generate/detect-stack.ts'
import { renderDependabot } from '../generate/render-dependabot.ts'
import { FOREIGN_FOLDER } from '../generate/stack-table.ts'
import { isPipelinePath } from '../pipeline-path.ts'
import { isFirstPipeline, FIRST_LINE } from '../workflow/first-pipeline.ts'
import { listsCode } from '../workflow/local-target.ts'
import { findPair } from '../workflow/nodes.ts'
import { DEPENDABOT_FILE, DEPENDABOT_FILES, hasRenovate } from '../workflow/other-ci.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

const ACTIONS = 'github-actions'

interface Watchable {
  readonly ecosystem: string
  readonly alsoWatchedBy: readonly string[]
  readonly folder: string
  readonly manifest: string
}

type Context = RuleContext<'none' | 'ecosystem' | 'folders'>

export const updateBotCoverage = defineRule({
  meta: {
    id: 'update-bot-coverage',
    summary: 'Let an update bot watch every dependency',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'safe',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { scorecard: ['Dependency-Update-Tool'] },
    messages: {
      none: { text: 'no update bot is set up: actions and packages stay as old as they are; add .github/dependabot.yml or a Renovate configuration', severity: 'medium' },
      ecosystem: "no entry watches '{ecosystem}', which '{manifest}' uses; add one",
      folders: "'{ecosystem}' is watched, but not the composite actions in {folders}; name their folders",
    },
  },
  create(ctx) {
    const { repository: { paths }, policy } = ctx
    return {
      file(file) {
        if (paths === null || !listsCode(ctx.repository) || policy.updateBot !== null || !isFirstPipeline(file, ctx)) return
        // A bot may run as a workflow of its own.
        if (DEPENDABOT_FILES.some((path) => paths.has(path)) || hasRenovate(paths) || ctx.repository.pathsMentioning('renovate').length > 0) return
        ctx.report({ message: 'none', at: FIRST_LINE, fix: setUpDependabot(ctx, paths), identity: '' })
      },
      dependabot(config) {
        if (paths === null || policy.updateBot !== null || !DEPENDABOT_FILES.includes(config.file.path) || hasRenovate(paths)) return
        checkEcosystems(ctx, config, paths)
        checkFolders(ctx, config, paths)
      },
    }
  },
})

function setUpDependabot(ctx: Context, paths: ReadonlySet<string>): FileFix {
  const composites = actionFolders(ctx, paths).map((folder) => ({ ecosystem: ACTIONS, folder: folder.slice(1) }))
  const text = renderDependabot([...composites, ...detectStack(paths).projects], ctx.policy.cooldownDays)
  return { kind: 'file', safety: 'safe', description: `create ${DEPENDABOT_FILE}, in which Dependabot watches what the repository has`, file: { kind: 'create', path: DEPENDABOT_FILE, text } }
}

function checkEcosystems(ctx: Context, { file, node, updates }: DependabotConfig, paths: ReadonlySet<string>): void {
  const pair = findPair(node, 'updates')
  // Entries behind an ecosystem that only a newer schema knows may watch anything.
  if (pair === undefined || updates.some(({ ecosystem }) => ecosystem === null)) return
  const watched = new Set(updates.map(({ ecosystem }) => ecosystem?.text ?? ''))
  const reported = new Set<string>()
  for (const { ecosystem, alsoWatchedBy, folder, manifest } of watchable(paths)) {
    if (reported.has(ecosystem) || [ecosystem, ...alsoWatchedBy].some((name) => watched.has(name))) continue
    reported.add(ecosystem)
    const directories = [`/${folder}`, ...(ecosystem === ACTIONS ? actionFolders(ctx, paths) : [])]
    const fix = addUpdate(file, pair, { ecosystem, directories, cooldownDays: ctx.policy.cooldownDays })
    ctx.report({ message: 'ecosystem', at: pair.key, data: { ecosystem, manifest }, fix, identity: ecosystem })
  }
}

/** What an entry can be made for: workflows first, then what package managers keep, the nearest to the top first. */
function watchable(paths: ReadonlySet<string>): readonly Watchable[] {
  const workflow = [...paths].find((path) => path.startsWith('.github/workflows/') && isPipelinePath(path))
  const pipelines = workflow === undefined ? [] : [{ ecosystem: ACTIONS, alsoWatchedBy: [], folder: '', manifest: workflow }]
  return [...pipelines, ...detectStack(paths).projects]
}

function checkFolders(ctx: Context, { file, updates }: DependabotConfig, paths: ReadonlySet<string>): void {
  const entries = updates.filter(({ ecosystem }) => ecosystem?.text === ACTIONS)
  const [first] = entries
  if (first === undefined) return
  const folders = actionFolders(ctx, paths).filter((folder) => !entries.some((entry) => watches(entry, folder.slice(1))))
  if (folders.length === 0) return
  ctx.report({
    message: 'folders', at: first.ecosystem ?? first.node, data: { ecosystem: ACTIONS, folders: listOf(folders) },
    fix: watchFolders(file, first, folders), identity: 'folders',
  })
}

/** Folders of composite actions below the top that use other actions, each with its leading slash. */
function actionFolders({ repository }: Context, paths: ReadonlySet<string>): readonly string[] {
  return [...paths].flatMap((path) => {
    const folder = path.replace(/\/action\.ya?ml$/, '')
    return folder !== path && !FOREIGN_FOLDER.test(path) && usesOthers(repository.file(path)?.action ?? null) ? [`/${folder}`] : []
  })
}

/** `directories` may have `*` for a part of a path and `**` for any parts. */
function watches({ directories }: DependabotUpdate, folder: string): boolean {
  return directories.some(({ text }) => {
    const pattern = text.replace(/^\/|\/$/g, '').replace(/[.+^${}()|[\]\\?]/g, '\\$&').replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))
    return new RegExp(`^${pattern}$`).test(folder)
  })
}

/** Whether there is anything to update in a composite action. */
const usesOthers = (action: ActionMetadata | null): boolean => everyStep(action?.steps ?? []).some(({ uses }) => uses?.form === 'repository')

function listOf(folders: readonly string[]): string {
  const first = folders.slice(0, 3).map((folder) => `'${folder}'`).join(', ')
  return folders.length > 3 ? `${first} and ${folders.length - 3} more` : first
}
