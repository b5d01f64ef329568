// Whether output is coloured, and with what. The colour package is loaded only when it is.
import type { Palette } from '../analysis/report/text.ts'
import type { World } from './world.ts'
import { NO_COLOURS } from '../analysis/report/text.ts'

export async function paletteFor({ env, stdout }: World, mode: 'auto' | 'always' | 'never'): Promise<Palette> {
  if (!isColoured(env, stdout.isTerminal, mode)) return NO_COLOURS
  const { createColors } = (await import('picocolors')).default
  return createColors(true)
}

/** NO_COLOR and FORCE_COLOR count as set when they are not empty; FORCE_COLOR=0 switches off. An option beats both. */
function isColoured(env: World['env'], isTerminal: boolean, mode: 'auto' | 'always' | 'never'): boolean {
  if (mode !== 'auto') return mode === 'always'
  if ((env.NO_COLOR ?? '') !== '') return false
  if ((env.FORCE_COLOR ?? '') !== '') return env.FORCE_COLOR !== '0'
  return isTerminal && env.TERM !== 'dumb'
}
