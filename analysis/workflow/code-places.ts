// The places of a step where text becomes code: its script, a shell of its own making, the code inputs of listed actions.
import type { ScalarNode } from '../source/node.ts'
import type { Step } from './step.ts'
import { codeInputLanguage } from '../data/code-inputs.ts'
import { shellOf } from '../shell/step-shell.ts'
import { asScalar } from './nodes.ts'

export interface CodePlace {
  readonly key: 'run' | 'shell' | 'with'
  readonly scalar: ScalarNode
  /** A shell's name, or the language of the input. */
  readonly language: string
}

/** In the order of the step's keys: run, shell, inputs. */
export function codePlacesOf(step: Step): readonly CodePlace[] {
  const places: CodePlace[] = []
  if (step.run !== null) places.push({ key: 'run', scalar: step.run, language: shellOf(step) })
  if (step.shell !== null) places.push({ key: 'shell', scalar: step.shell, language: 'other' })
  if (step.uses === null) return places
  for (const { key, value } of step.with?.pairs ?? []) {
    const language = codeInputLanguage(step.uses.name, key.text)
    const scalar = language === undefined ? null : asScalar(value)
    if (language !== undefined && scalar !== null) places.push({ key: 'with', scalar, language })
  }
  return places
}
