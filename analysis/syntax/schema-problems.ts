// The schema problems of a file, walked once for all rules that read them.
import type { SyntaxProblemCode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { SchemaProblem } from './schema-problem.ts'
import { policySchemaOf, schemaOf } from './schema.ts'
import { walkSchema } from './walk-schema.ts'

/** Behind these the tree is what could be saved of the text: what it lacks proves nothing. */
export const DAMAGING: ReadonlySet<SyntaxProblemCode> = new Set(['syntax', 'tab-indent', 'too-deep'])

const known = new WeakMap<PipelineFile, readonly SchemaProblem[]>()

/** In the order of the text; none for a file of unknown kind or with broken YAML. `registry` is what a policy file may name. */
export function schemaProblems(file: PipelineFile, registry: ReadonlyMap<string, unknown>): readonly SchemaProblem[] {
  let problems = known.get(file)
  if (!problems) known.set(file, (problems = walkFile(file, registry)))
  return problems
}

function walkFile({ kind, tree }: PipelineFile, registry: ReadonlyMap<string, unknown>): readonly SchemaProblem[] {
  const schema = kind === 'policy' ? policySchemaOf(registry) : schemaOf(kind)
  if (!schema || !tree.root || tree.problems.some(({ code }) => DAMAGING.has(code))) return []
  return walkSchema(tree.root, tree.text, schema)
}
