// The engine sees no clock, no environment, no randomness and no outside world. Lint forbids the imports; this forbids the globals.
// `process.env.${name}` is text that a fix writes into a script.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../analysis')
const FORBIDDEN = /\b(?:Date\.now|Math\.random|performance\.|process\.(?!env\.\$\{)|globalThis|fetch\(|setTimeout|setInterval|console\.|localeCompare|toLocale\w+)|new Date\(\)/

it('uses no global whose value the input does not decide', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(50)
  const hits = files.flatMap((name) => {
    const code = readFileSync(join(ROOT, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    const match = FORBIDDEN.exec(code)
    return match === null ? [] : [`${name}: ${match[0]}`]
  })
  expect(hits).toEqual([])
})
