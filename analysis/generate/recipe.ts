// What a recipe knows of one project, and what it makes of it: the steps of one job.
import type { Project } from './detect-stack.ts'

export interface Site {
  readonly project: Project
  /** Whether the project's folder holds that file. */
  has(name: string): boolean
  /** The text of a file in the project's folder; null when it is not there or cannot be read. */
  read(name: string): string | null
  /** The path of a file in the project's folder, from the top of the repository. */
  path(name: string): string
  /** The first of these that is in the project's folder or at the top, as a path from the top. */
  nearest(...names: readonly string[]): string | null
  /** Whether the repository has tests in the project's language. */
  readonly hasTests: boolean
}

export type RecipeStep =
  | { readonly name: string; readonly run: string }
  | { readonly name: string; readonly uses: string; readonly with: Readonly<Record<string, string | null>> }

export interface JobRecipe {
  /** What a person calls the toolchain: `Node.js`. */
  readonly toolchain: string
  readonly runsOn: string
  readonly steps: readonly RecipeStep[]
  /** What its owner should know or decide. */
  readonly remarks: readonly string[]
}

export interface NoRecipe {
  readonly reason: string
}

export type Recipe = (site: Site) => JobRecipe | NoRecipe

export const UBUNTU = 'ubuntu-24.04'
export const MACOS = 'macos-15'

export const run = (name: string, command: string): RecipeStep => ({ name, run: command })

/** Inputs without a value are left out. */
export const uses = (name: string, action: string, inputs: Readonly<Record<string, string | null>> = {}): RecipeStep => ({ name, uses: action, with: inputs })

/** Steps whose condition holds. */
export const steps = (...list: readonly (RecipeStep | false)[]): readonly RecipeStep[] => list.filter((step) => step !== false)
