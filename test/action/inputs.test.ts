import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readInputs } from '../../action/inputs.ts'
import { parse } from '../../analysis/source/parse.ts'
import { asMapping, lookup } from '../../analysis/workflow/nodes.ts'
import { inputVariables } from '../runner/action-defaults.ts'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

function read(given: Record<string, string>) {
  const variables = inputVariables(given, 'ghs_token')
  const asked: string[] = []
  const secrets: string[] = []
  const core = {
    getInput: (name: string) => {
      asked.push(name)
      return variables[`INPUT_${name.toUpperCase()}`] ?? ''
    },
    setSecret: (value: string) => { secrets.push(value) },
  }
  return { inputs: () => readInputs(core), asked, secrets }
}

describe('the inputs', () => {
  it('read exactly what action.yml declares', () => {
    const { inputs, asked } = read({})
    inputs()
    const declared = lookup(asMapping(parse(readFileSync(new URL('action.yml', REPOSITORY_ROOT), 'utf8')).root), 'inputs')
    expect([...asked].sort()).toEqual(asMapping(declared)?.pairs.map(({ key }) => key.text).sort())
  })

  it('have the defaults of the product', () => {
    expect(read({}).inputs()).toMatchObject({ path: '.', controlPlaneUrl: null, profile: 'regular', failOn: 'none', fixPr: 'never', waitSeconds: 60, onControlPlaneError: 'local', githubToken: 'ghs_token' })
  })

  it('hand tokens and keys to the mask of the runner before anything else', () => {
    const { inputs, secrets } = read({ 'api-key': 'adk_1_secret', profile: 'strict' })
    expect(inputs).toThrow()
    expect(secrets).toEqual(['adk_1_secret', 'ghs_token'])
  })

  it.each([
    [{ profile: 'strict' }, "input profile is 'strict'; it must be regular, pedantic or auditor"],
    [{ 'fail-on': 'info' }, "input fail-on is 'info'; it must be none, low, medium or high"],
    [{ 'fix-pr': 'true' }, "input fix-pr is 'true'; it must be never, safe or all"],
    [{ 'wait-seconds': '1e3' }, "input wait-seconds is '1e3'; it must be a whole number of seconds from 0 to 3600"],
    [{ 'wait-seconds': '3601' }, "input wait-seconds is '3601'; it must be a whole number of seconds from 0 to 3600"],
    [{ 'on-control-plane-error': 'ignore' }, "input on-control-plane-error is 'ignore'; it must be local or fail"],
    [{ 'control-plane-url': 'autodevops.example.com' }, "input control-plane-url is 'autodevops.example.com'; it must be an address like https://autodevops.example.com"],
    [{ 'control-plane-url': 'http://autodevops.example.com' }, "input control-plane-url is 'http://autodevops.example.com'; it must use https, because a token travels with the request"],
    [{ 'control-plane-url': 'https://user:hunter2@autodevops.example.com' }, 'input control-plane-url holds a user name or password; use the input api-key instead'],
  ])('refuse %j and say what is allowed', (given, message) => {
    expect(read(given).inputs).toThrow(message)
  })
})
