// How far the copies of a pipeline have come apart across repositories: distinct variants by what they do, never by how they are
// written, and actions at several versions. Leaves out what a variant should be: golden workflows say that.
import type { Version } from '../data/version.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { compare } from '../examine.ts'
import type { WorkflowFingerprint } from './workflow-fingerprint.ts'

export interface FleetWorkflow extends WorkflowFingerprint {
  /** ISO 8601, UTC, of its last commit; null where nobody knows. */
  readonly changedAt: string | null
}

export interface FleetRepository {
  /** `owner/name`. */
  readonly name: string
  readonly workflows: readonly FleetWorkflow[]
}

export interface Variant {
  /** Hex, 32 digits: equal for workflows that do the same. */
  readonly hash: string
  /** By name. */
  readonly repositories: readonly string[]
  /** Of its last change in any of them. */
  readonly changedAt: string | null
  readonly isNewest: boolean
}

export interface PipelineDivergence {
  /** Path of the workflow: copies of one pipeline have one path. */
  readonly path: string
  readonly repositories: number
  /** The most common one first. */
  readonly variants: readonly Variant[]
}

export interface ActionDivergence {
  /** `owner/repo` or `owner/repo/path`, in lower case. */
  readonly action: string
  /** Newest first; what has no order comes last. */
  readonly versions: readonly { readonly label: string; readonly repositories: readonly string[] }[]
}

export interface FleetDivergence {
  /** In more than one variant, those with the most variants first. */
  readonly pipelines: readonly PipelineDivergence[]
  /** At more than one version, those in the most repositories first. */
  readonly actions: readonly ActionDivergence[]
}

interface Copy {
  readonly repository: string
  readonly changedAt: string | null
  readonly versions: ReadonlyMap<string, Version>
}

/** The order of the input does not count. */
export function fleetDivergence(repositories: readonly FleetRepository[]): FleetDivergence {
  const pipelines = new Map<string, Map<string, Copy[]>>()
  const actions = new Map<string, Map<string, Set<string>>>()
  for (const { name, workflows } of repositories) {
    for (const { path, hash, uses, changedAt } of workflows) {
      for (const { action, version } of uses) entryOf(entryOf(actions, action, () => new Map<string, Set<string>>()), version, () => new Set<string>()).add(name)
      const versions = new Map(uses.flatMap(({ action, version }) => { const parsed = parseVersion(version); return parsed === null ? [] : [[action, parsed] as const] }))
      entryOf(entryOf(pipelines, path, () => new Map<string, Copy[]>()), hash, () => []).push({ repository: name, changedAt, versions })
    }
  }
  return {
    pipelines: [...pipelines].map(([path, variants]) => pipelineOf(path, variants)).filter(({ variants }) => variants.length > 1)
      .sort((a, b) => b.variants.length - a.variants.length || b.repositories - a.repositories || compare(a.path, b.path)),
    actions: [...actions].filter(([, versions]) => versions.size > 1).map(([action, versions]) => actionOf(action, versions))
      .sort((a, b) => repositoriesOf(b) - repositoriesOf(a) || compare(a.action, b.action)),
  }
}

/** "5 distinct variants in 40 repositories". */
export const divergenceInWords = ({ variants, repositories }: PipelineDivergence): string => `${variants.length} distinct variants in ${repositories} repositories`

function pipelineOf(path: string, variants: ReadonlyMap<string, readonly Copy[]>): PipelineDivergence {
  const newest = newestOf(variants)
  const list = [...variants].map(([hash, copies]): Variant => ({
    hash,
    repositories: copies.map(({ repository }) => repository).sort(),
    changedAt: lastChange(copies),
    isNewest: hash === newest,
  }))
  list.sort((a, b) => b.repositories.length - a.repositories.length || compare(a.hash, b.hash))
  return { path, repositories: new Set(list.flatMap((variant) => variant.repositories)).size, variants: list }
}

/** By the versions in use, which say what is newer whenever somebody touched a copy; among equals by the last change. */
function newestOf(variants: ReadonlyMap<string, readonly Copy[]>): string | null {
  const newest = new Map<string, Version>()
  for (const [copy] of variants.values()) {
    for (const [action, version] of copy?.versions ?? []) if (compareVersions(version, newest.get(action) ?? [-1, 0, 0]) > 0) newest.set(action, version)
  }
  const ranked = [...variants].map(([hash, copies]) => {
    const behind = [...(copies[0]?.versions ?? [])].filter(([action, version]) => compareVersions(version, newest.get(action) ?? version) < 0).length
    return { hash, behind, changedAt: lastChange(copies) ?? '' }
  })
  ranked.sort((a, b) => a.behind - b.behind || compare(b.changedAt, a.changedAt) || compare(a.hash, b.hash))
  return ranked[0]?.hash ?? null
}

const lastChange = (copies: readonly Copy[]): string | null => copies.reduce<string | null>((last, { changedAt }) => (changedAt !== null && (last === null || changedAt > last) ? changedAt : last), null)

function actionOf(action: string, versions: ReadonlyMap<string, ReadonlySet<string>>): ActionDivergence {
  const list = [...versions].map(([label, repositories]) => ({ label, repositories: [...repositories].sort() }))
  list.sort((a, b) => compareVersions(parseVersion(b.label) ?? [-1, 0, 0], parseVersion(a.label) ?? [-1, 0, 0]) || compare(a.label, b.label))
  return { action, versions: list }
}

const repositoriesOf = ({ versions }: ActionDivergence): number => new Set(versions.flatMap(({ repositories }) => repositories)).size

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
