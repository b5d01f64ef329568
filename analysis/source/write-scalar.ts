// A text as a YAML scalar on one line: plain where every reader takes it for that text, else in quotes.
import { resolvePlain } from './resolve-scalar.ts'

/** Nothing that YAML gives a meaning; expressions may stand in it. */
const PLAIN = /^(?:[A-Za-z/$]|\.[\w/.]|\$\{\{[\w .'()=!&|<>*-]*\}\})(?:(?:[\w./@+() -]|\$\{\{[\w .'()=!&|<>*-]*\}\})*(?:[\w./)]|\$\{\{[\w .'()=!&|<>*-]*\}\}))?$/
/** Booleans of YAML 1.1: GitHub reads them as text, other programs do not. */
const OLD_BOOLEAN = /^(?:y|n|yes|no|on|off|true|false)$/i

export function writeScalar(text: string): string {
  const isPlain = PLAIN.test(text) && !OLD_BOOLEAN.test(text) && typeof resolvePlain(text) === 'string'
  // JSON's strings are YAML's double-quoted ones.
  return isPlain ? text : JSON.stringify(text)
}
