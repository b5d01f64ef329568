// Whether the packages of a project's manifest are installed at a place of a job, so that `npx x` takes the version of the lock file.
// Leaves out installs into the whole machine. What a local action does is not read here: it may install.
import type { Step } from './step.ts'
import { everyStep } from './step.ts'

const INSTALLS = /(?:^|[\s;&|("'])(?:npm\s+(?:ci|i|install|clean-install)|pnpm\s+(?:i|install)|bun\s+(?:i|install)|yarn(?:\s+install|\s+--\S+|(?=\s*(?:$|[;&|)]))))(?![\w-])(?![^\n;&|]*\s(?:-g|--global)\b)/m

/** Before `offset` of the step's file. */
export function hasNodePackages(step: Step, offset: number): boolean {
  const earlier = everyStep(step.job?.steps ?? step.action?.steps ?? []).filter(({ node }) => node.start < offset)
  return earlier.some((other) => {
    if (other.run === null) return other.uses?.form === 'local' || other.uses?.name.toLowerCase() === 'bahmutov/npm-install'
    return INSTALLS.test(other === step ? step.file.text.slice(other.run.start, offset) : other.run.text)
  })
}
