// What of an error may leave for a collector: which one, and where in our code. Never its message, which may quote a file, an answer or a
// header; that stays in the log, under the same correlation id.
import type { Attributes } from './tracing.ts'

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/
const NAME = /^[A-Za-z][A-Za-z0-9]{0,60}$/
const FRAME = /^\s+at .+:\d+:\d+\)?$/

/** A code of ours or of Node's, else the class. */
export function typeOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code: unknown = 'code' in error ? error.code : undefined
  if (typeof code === 'string' && CODE.test(code)) return code
  return NAME.test(error.name) ? error.name : 'Error'
}

/** Attributes of an `exception` event; `what` is the sentence that the code itself says about it. */
export function describeForTraces(error: unknown, what: string): Attributes {
  const frames = error instanceof Error ? framesOf(error) : ''
  return { 'exception.type': typeOfError(error), 'exception.message': what, ...(frames === '' ? {} : { 'exception.stacktrace': frames }) }
}

/** The stack begins with the message, which may look like frames itself. */
function framesOf({ stack = '', message }: Error): string {
  const start = message === '' ? 0 : stack.indexOf(message) + message.length
  return stack.slice(start).split('\n').filter((line) => FRAME.test(line)).join('\n')
}
