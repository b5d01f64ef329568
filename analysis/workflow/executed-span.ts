// Whether an expression of a script stands in text that a command runs, so that a variable in its place would be run as well.
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { Step } from './step.ts'
import { executedTexts } from '../shell/executed-text.ts'
import { commandsOf } from '../shell/step-commands.ts'

/** `programs` tells which of them count. */
export function isExecuted(step: Step, span: ExpressionSpan, programs: (program: string) => boolean = () => true): boolean {
  const script = commandsOf(step, /\S/)
  if (script === null) return false
  const at = script.script.indexOf(span.start)
  return executedTexts(script).some(({ program, texts }) => programs(program) && texts.some(({ start, end }) => start <= at && at < end))
}
