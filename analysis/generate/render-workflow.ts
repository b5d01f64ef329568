// A generated job as YAML: actions by commit with their version beside it, no permission that is not needed, a limit for each job.
import type { JobRecipe, RecipeStep } from './recipe.ts'
import type { Pin } from './workflow-parts.ts'
import { writeScalar } from '../source/write-scalar.ts'
import { workflowHead } from './workflow-parts.ts'

export interface GeneratedJob {
  readonly id: string
  readonly name: string
  /** From the top of the repository; '' for the top. */
  readonly folder: string
  readonly recipe: JobRecipe
}

const TIMEOUT_MINUTES = 30
/** To an action `true` is the same as 'true'. */
const BOOLEAN = /^(?:true|false)$/
const CHECKOUT: RecipeStep = { name: 'Check out', uses: 'actions/checkout', with: { 'persist-credentials': 'false' } }

export interface Surroundings {
  /** Of the workflow. */
  readonly name: string
  readonly branch: string | null
  readonly pin: Pin
}

/** Ends with a line break. */
export const renderWorkflow = (jobs: readonly GeneratedJob[], { name, branch, pin }: Surroundings): string => `${workflowHead({ name, branch })}${jobs.map((job) => renderJob(job, pin)).join('\n')}`

function renderJob({ id, name, folder, recipe }: GeneratedJob, pin: Pin): string {
  const lines = [
    `  ${id}:`,
    `    name: ${writeScalar(name)}`,
    `    runs-on: ${recipe.runsOn}`,
    `    timeout-minutes: ${TIMEOUT_MINUTES}`,
    '    permissions:',
    '      contents: read',
    ...(folder === '' ? [] : ['    defaults:', '      run:', `        working-directory: ${writeScalar(folder)}`]),
    '    steps:',
    ...[CHECKOUT, ...recipe.steps].flatMap((step) => renderStep(step, pin)),
  ]
  return `${lines.join('\n')}\n`
}

function renderStep(step: RecipeStep, pin: Pin): readonly string[] {
  if ('run' in step) return [`      - name: ${writeScalar(step.name)}`, `        run: ${writeScalar(step.run)}`]
  const inputs = Object.entries(step.with).flatMap(([key, value]) => (value === null ? [] : renderInput(key, value)))
  return [`      - name: ${writeScalar(step.name)}`, `        uses: ${pin(step.uses)}`, ...(inputs.length === 0 ? [] : ['        with:', ...inputs])]
}

function renderInput(key: string, value: string): readonly string[] {
  if (!value.includes('\n')) return [`          ${key}: ${BOOLEAN.test(value) ? value : writeScalar(value)}`]
  return [`          ${key}: |`, ...value.split('\n').map((line) => `            ${line}`)]
}
