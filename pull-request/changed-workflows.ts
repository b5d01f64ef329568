// The workflows that differ between two commits, with both texts. What is the same in both trees is not read.
import type { NotChecked, SourceFile } from '../analysis/analyse.ts'
import { isWorkflowPath } from '../analysis/pipeline-path.ts'
import { createPipelineFile, type PipelineFile } from '../analysis/workflow/pipeline-file.ts'
import type { GithubClient } from './client.ts'
import type { CommitTree, RepositoryName, TreeEntry } from './commit-tree.ts'
import { eachOf, readFile } from './read-repository.ts'

export interface ChangedWorkflow {
  readonly path: string
  /** Null where the commit has no such file. */
  readonly before: PipelineFile | null
  readonly after: PipelineFile | null
}

export interface ChangedWorkflows {
  /** Ascending by path. */
  readonly workflows: readonly ChangedWorkflow[]
  readonly notChecked: readonly NotChecked[]
}

/** Of the workflows that differ, so many are read; two requests each. */
const MOST_CHANGED = 100

export async function readChangedWorkflows(client: GithubClient, repository: RepositoryName, { before, after }: { readonly before: CommitTree; readonly after: CommitTree }): Promise<ChangedWorkflows> {
  const paths = [...new Set([...before.entries.keys(), ...after.entries.keys()])].filter(isWorkflowPath).sort()
  const changed = paths.filter((path) => before.entries.get(path)?.sha !== after.entries.get(path)?.sha || before.entries.get(path)?.mode !== after.entries.get(path)?.mode)
  const read = async (path: string, entry: TreeEntry | undefined): Promise<SourceFile | null> => (entry === undefined ? null : { path, ...(await readFile(client, repository, entry)) })
  const texts = await eachOf(changed.slice(0, MOST_CHANGED), async (path) => ({ path, before: await read(path, before.entries.get(path)), after: await read(path, after.entries.get(path)) }))
  const unreadable = texts.flatMap(({ path, before: from, after: to }): NotChecked[] => {
    const [broken] = [from, to].flatMap((file) => (file !== null && 'error' in file ? [file.error] : []))
    return broken === undefined ? [] : [{ what: `the workflow ${path}`, reason: broken, count: 1 }]
  })
  const left = changed.length - MOST_CHANGED
  return {
    workflows: texts.flatMap(({ path, before: from, after: to }) => (isReadable(from) && isReadable(to) ? [{ path, before: parsed(from), after: parsed(to) }] : [])),
    notChecked: [...unreadable, ...(left > 0 ? [{ what: 'changed workflows', reason: `up to ${MOST_CHANGED} are compared`, count: left }] : [])],
  }
}

type ReadableFile = Extract<SourceFile, { readonly text: string }>

const isReadable = (file: SourceFile | null): file is ReadableFile | null => file === null || 'text' in file

const parsed = (file: ReadableFile | null): PipelineFile | null => (file === null ? null : createPipelineFile(file.path, file.text))
