// Reads the section `golden` of a policy file: which reference workflows there are, for whom, and what may differ. Leaves out their
// texts, which are read from where the policy file lies (drift/select-golden.ts).
import type { MappingNode, ScalarNode } from '../source/node.ts'
import type { GoldenPolicy, GoldenWorkflow } from './policy.ts'
import { asMapping, asScalar, asSequence, lookup, scalarsOf } from '../workflow/nodes.ts'

const WORKFLOWS = '.github/workflows'

/** Where a policy names a golden workflow; null where it does not. */
export function goldenEntry(root: MappingNode | null, file: string): ScalarNode | null {
  const items = asSequence(lookup(asMapping(lookup(root, 'golden')), 'workflows'))?.items ?? []
  return items.map((item) => asScalar(lookup(asMapping(item), 'file'))).find((name) => name?.text === file) ?? null
}

export function readGolden(section: MappingNode | null, base: GoldenPolicy): GoldenPolicy {
  const applies = asScalar(lookup(section, 'apply'))?.value
  const extras = asScalar(lookup(section, 'extras'))?.text
  return {
    applies: typeof applies === 'boolean' ? applies : base.applies,
    forbidsExtras: extras === 'forbid' || (extras !== 'allow' && base.forbidsExtras),
    workflows: [...(asSequence(lookup(section, 'workflows'))?.items ?? []).flatMap((item) => readWorkflow(asMapping(item))), ...base.workflows],
  }
}

/** What a file's workflows are compared with where nothing else is said. */
export function goldenWorkflow(file: string, text: string | null = null): GoldenWorkflow {
  const target = `${WORKFLOWS}/${file.slice(file.lastIndexOf('/') + 1)}`
  return { file, text, targets: [target], stacks: [], topics: [], repositories: [], paths: [], parameters: [], extraSteps: [] }
}

function readWorkflow(node: MappingNode | null): GoldenWorkflow[] {
  const file = asScalar(lookup(node, 'file'))?.text ?? ''
  if (file === '') return []
  const texts = (key: string): readonly string[] => scalarsOf(lookup(node, key)).map(({ text }) => text)
  const workflow = goldenWorkflow(file)
  return [{
    ...workflow,
    targets: texts('target').length > 0 ? texts('target') : workflow.targets,
    stacks: texts('stack'), topics: texts('topic'), repositories: texts('repository'), paths: texts('path'),
    parameters: texts('parameters'), extraSteps: texts('extra-steps'),
  }]
}
