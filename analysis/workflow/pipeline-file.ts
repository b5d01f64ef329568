// One CI file with its tree and its typed view. What kind it is: by folder and name, else by content.
import type { FileKind } from '../finding.ts'
import type { LineIndex } from '../source/line-index.ts'
import type { SourceTree, YamlNode } from '../source/node.ts'
import type { ActionMetadata } from './action-metadata.ts'
import type { DependabotConfig } from './dependabot-config.ts'
import type { Step } from './step.ts'
import type { Workflow } from './workflow.ts'
import { createLineIndex } from '../source/line-index.ts'
import { POLICY_FILE } from '../pipeline-path.ts'
import { parse } from '../source/parse.ts'
import { readActionMetadata } from './action-metadata.ts'
import { readDependabotConfig } from './dependabot-config.ts'
import { asMapping, findPair } from './nodes.ts'
import { readWorkflow } from './workflow.ts'

export interface PipelineFile {
  /** Relative to the repository, with `/`. */
  readonly path: string
  readonly text: string
  readonly tree: SourceTree
  readonly lines: LineIndex
  readonly kind: FileKind
  /** Null when the file is of another kind, or is no map. */
  readonly workflow: Workflow | null
  readonly action: ActionMetadata | null
  readonly dependabot: DependabotConfig | null
  /** Steps and lists of steps that carry an anchor, read once. */
  readonly shared: { readonly lists: Map<YamlNode, readonly Step[]>; readonly steps: Map<YamlNode, Step> }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Parses the text once and reads the typed view; never throws. `known` is the kind where neither path nor content says it. */
export function createPipelineFile(path: string, text: string, known?: FileKind): PipelineFile {
  const tree = parse(text)
  const kind = known ?? kindOf(path, tree.root)
  const file: Mutable<PipelineFile> = {
    path, text, tree, lines: createLineIndex(text), kind, workflow: null, action: null, dependabot: null,
    shared: { lists: new Map(), steps: new Map() },
  }
  const root = asMapping(tree.root)
  if (root !== null) {
    if (kind === 'workflow') file.workflow = readWorkflow(file, root)
    else if (kind === 'action') file.action = readActionMetadata(file, root)
    else if (kind === 'dependabot') file.dependabot = readDependabotConfig(file, root)
  }
  return file
}

function kindOf(path: string, root: YamlNode | null): FileKind {
  const slash = path.lastIndexOf('/')
  const folder = path.slice(0, slash + 1)
  if (path === POLICY_FILE) return 'policy'
  if (folder === '.github/workflows/' || folder.endsWith('/.github/workflows/')) return path.endsWith('.lock') ? 'unknown' : 'workflow'
  switch (path.slice(slash + 1)) {
    case 'action.yml': case 'action.yaml': return 'action'
    case 'dependabot.yml': case 'dependabot.yaml': return 'dependabot'
    case '.pre-commit-config.yml': case '.pre-commit-config.yaml': return 'pre-commit'
  }
  const map = asMapping(root)
  if (findPair(map, 'jobs') !== undefined || findPair(map, 'on') !== undefined) return 'workflow'
  if (findPair(map, 'runs') !== undefined) return 'action'
  return findPair(map, 'updates') === undefined ? 'unknown' : 'dependabot'
}
