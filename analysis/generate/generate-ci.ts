// CI for a repository from what lies in it: one job for each project, with what the rules of this engine ask for. Says of what it
// makes nothing. Nothing of the texts it reads goes into the workflow: only paths, quoted.
import type { Project, Stack } from './detect-stack.ts'
import type { JobRecipe, NoRecipe, Recipe, Site } from './recipe.ts'
import type { GeneratedJob, Surroundings } from './render-workflow.ts'
import type { Language } from './stack-table.ts'
import { DEFAULT_POLICY } from '../policy/policy.ts'
import { DEPENDABOT_FILE, DEPENDABOT_FILES, hasRenovate } from '../workflow/other-ci.ts'
import { cargo, dotnet, go, gradle, maven, swift } from './compiled-recipes.ts'
import { detectStack, folderOf } from './detect-stack.ts'
import { bun, npm, pnpm, yarn } from './javascript-recipes.ts'
import { bundler, composer, docker, mix, terraform } from './other-recipes.ts'
import { pip, pipenv, poetry, uv } from './python-recipes.ts'
import { renderDependabot } from './render-dependabot.ts'
import { renderWorkflow } from './render-workflow.ts'
import { pinned } from './workflow-parts.ts'

interface Repository {
  /** Every path of the repository. */
  readonly paths: ReadonlySet<string>
  /** The text of a file; null when it is not there or cannot be read. */
  readonly read: (path: string) => string | null
}

export interface GenerateInput extends Repository {
  /** The branch whose pushes are built. */
  readonly branch: string
}

export interface GeneratedFile {
  readonly path: string
  readonly text: string
  readonly about: string
}

export interface GeneratedCi {
  /** Empty where nothing was recognised. */
  readonly files: readonly GeneratedFile[]
  /** What its owner should know or decide, and of what no job was made, with the reason. */
  readonly remarks: readonly string[]
}

export const CI_WORKFLOW = '.github/workflows/ci.yml'
/** More jobs than this are for a person to arrange. */
const MAX_JOBS = 20
/** A path that GitHub's expressions or a shell would read. */
const UNSAFE_PATH = /[^\w./@ +-]/

const RECIPES: Readonly<Record<string, Recipe>> = {
  bun, bundler, cargo, composer, docker, dotnet, go, gradle, maven, mix, npm, pip, pipenv, pnpm, poetry, swift, terraform, uv, yarn,
}

/** The same for the same repository; every text parses, and has no finding under any profile (test/analysis/generate). */
export function generateCi(input: GenerateInput): GeneratedCi {
  const stack = detectStack(input.paths)
  const { jobs, remarks } = jobsFor(allProjects(stack), { input, stack })
  for (const language of stack.languages) {
    if (!stack.projects.some((project) => project.language === language) && !(language === 'javascript' && stack.kinds.has('node'))) remarks.push(`${language}: no manifest or lock file of a known manager, so no job was made`)
  }
  if (jobs.length === 0) return { files: [], remarks }
  const files = [{ path: CI_WORKFLOW, text: renderWorkflow(jobs, { name: 'CI', branch: input.branch, pin: pinned }), about: counted(jobs) }]
  if (!DEPENDABOT_FILES.some((path) => input.paths.has(path)) && !hasRenovate(input.paths)) files.push({ path: DEPENDABOT_FILE, text: renderDependabot(stack.projects, DEFAULT_POLICY.cooldownDays), about: 'updates of actions and dependencies' })
  return { files, remarks }
}

/**
 * A workflow that runs the tests of every language that has some. Null where that is not certain: where there would be a remark, where
 * a recipe asks for a text that nobody read, or where tests lie outside of the projects.
 */
export function generateTests(input: Repository, surroundings: Surroundings): string | null {
  const stack = detectStack(input.paths)
  let isKnown = true
  const read = (path: string): string | null => {
    const text = input.read(path)
    isKnown &&= text !== null
    return text
  }
  const tested = allProjects(stack).filter(({ language }) => language !== null && stack.tests.has(language))
  if (tested.length > MAX_JOBS) return null
  const { jobs, remarks } = jobsFor(tested, { input: { ...input, read }, stack })
  const isRun = ([language, test]: readonly [Language, string]): boolean =>
    jobs.some(({ folder, recipe }, index) => tested[index]?.language === language && (folder === '' || test.startsWith(`${folder}/`)) && runsTests(tested[index], recipe))
  return isKnown && jobs.length > 0 && remarks.length === 0 && [...stack.tests].every(isRun) ? renderWorkflow(jobs, surroundings) : null
}

/** `dotnet test` runs the tests of one project, which of a program has none. */
function runsTests({ manager, manifest }: Project, { steps }: JobRecipe): boolean {
  return steps.some((step) => 'run' in step && /\btest$/i.test(step.name)) && (manager !== 'dotnet' || /tests?\.\w+proj$/i.test(manifest))
}

const allProjects = (stack: Stack): readonly Project[] => [...projectsOf(stack), ...unlockedPackages(stack)]

/** As many jobs as projects, in their order, unless there is a remark. */
function jobsFor(projects: readonly Project[], context: { readonly input: Repository; readonly stack: Stack }): { readonly jobs: GeneratedJob[]; readonly remarks: string[] } {
  const remarks: string[] = []
  const jobs: GeneratedJob[] = []
  for (const project of projects) {
    const made = jobFor(project, context)
    if ('reason' in made) remarks.push(made.reason)
    else if (jobs.length === MAX_JOBS) remarks.push(`${project.manifest}: no job was made, ${MAX_JOBS} are the most`)
    else {
      jobs.push({ id: freeId(made.toolchain, project, jobs), name: project.folder === '' ? made.toolchain : `${made.toolchain} (${project.folder})`, folder: project.folder, recipe: made })
      remarks.push(...made.remarks)
    }
  }
  return { jobs, remarks }
}

/** A package.json without a lock file beside or above it: it may have no dependencies, and its scripts are there all the same. */
function unlockedPackages({ kinds, projects }: Stack): readonly Project[] {
  const folders = (kinds.get('node') ?? []).map(folderOf).sort((a, b) => a.length - b.length)
  const isCovered = (folder: string, others: readonly string[]): boolean => others.some((other) => other === folder || isAbove(other, folder))
  const locked = projects.filter(({ language }) => language === 'javascript').map((project) => project.folder)
  return folders
    .filter((folder, index) => !isCovered(folder, locked) && !isCovered(folder, folders.slice(0, index)))
    .map((folder) => ({ ecosystem: 'npm', alsoWatchedBy: [], language: 'javascript', manager: 'npm', folder, manifest: folder === '' ? 'package.json' : `${folder}/package.json`, lockFile: null }))
}

/** Parts of a build have no lock file of their own: the project above builds them. */
const WITH_PARTS: ReadonlySet<string> = new Set(['cargo', 'dotnet', 'gradle', 'maven', 'mix'])
const isAbove = (top: string, folder: string): boolean => top !== folder && (top === '' || folder.startsWith(`${top}/`))

function projectsOf({ projects }: Stack): readonly Project[] {
  const isPart = (project: Project): boolean =>
    project.lockFile === null && projects.some(({ manager, folder }) => manager === project.manager && isAbove(folder, project.folder))
  return projects.filter((project) => !(WITH_PARTS.has(project.manager) && isPart(project)))
}

function jobFor(project: Project, { input, stack }: { readonly input: Repository; readonly stack: Stack }): JobRecipe | NoRecipe {
  if (UNSAFE_PATH.test(project.manifest)) return { reason: `${JSON.stringify(project.manifest)}: no job was made, its path has characters that a workflow would have to escape` }
  const recipe = RECIPES[project.manager]
  if (recipe === undefined) return { reason: `${project.manifest}: no job was made, ${project.manager} is not known to it` }
  const made = recipe(siteOf(project, { input, stack }))
  return 'reason' in made ? { reason: `${project.manifest}: no job was made: ${made.reason}` } : made
}

function siteOf(project: Project, { input: { paths, read }, stack }: { readonly input: Repository; readonly stack: Stack }): Site {
  const path = (name: string): string => (project.folder === '' ? name : `${project.folder}/${name}`)
  const has = (name: string): boolean => paths.has(path(name))
  return {
    project, path, has,
    read: (name) => (has(name) ? read(path(name)) : null),
    nearest: (...names) => names.map(path).find((each) => paths.has(each)) ?? names.find((each) => paths.has(each)) ?? null,
    hasTests: project.language !== null && stack.tests.has(project.language),
  }
}

/** `node-js`, `node-js-apps-web`: letters, digits and dashes. */
function freeId(toolchain: string, { folder }: Project, jobs: readonly GeneratedJob[]): string {
  const id = `${toolchain} ${folder}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
  const isTaken = (each: string): boolean => jobs.some((job) => job.id === each)
  let free = id
  for (let number = 2; isTaken(free); number++) free = `${id}-${number}`
  return free
}

const counted = (jobs: readonly GeneratedJob[]): string => `${jobs.length === 1 ? 'one job' : `${jobs.length} jobs`}: ${jobs.map(({ name }) => name).join(', ')}`
