// Finds uploads to a package index with a stored token, where the index takes a short-lived identity instead.
// Leaves out other indexes, dry runs, and commands of jobs that may already ask for such an identity.
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import { isPublicIndex, publishCommand } from '../shell/publish-command.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { asScalar, hasExpression, lookup } from '../workflow/nodes.ts'
import { inputOf } from '../workflow/step-input.ts'
import { defineRule } from './rule.ts'

const MENTIONS = /\b(?:publish|upload|push)\b/

interface TokenAction {
  readonly index: string
  /** The input that means a stored token, and the value it then has; null for any. */
  readonly input: string
  readonly value: 'true' | 'false' | null
  /** Inputs that name another index. */
  readonly targets: readonly string[]
  readonly isPublic: RegExp
}

const PYPI = /^https?:\/\/(?:upload|test)\.pypi\.org\/legacy\/?$/
/** As of 2026-08-22, from the README of each action. */
const ACTIONS: Readonly<Record<string, TokenAction>> = {
  'pypa/gh-action-pypi-publish': { index: 'PyPI', input: 'password', value: null, targets: ['repository-url', 'repository_url'], isPublic: PYPI },
  'rubygems/release-gem': { index: 'RubyGems', input: 'setup-trusted-publisher', value: 'false', targets: [], isPublic: /^/ },
  'rubygems/configure-rubygems-credentials': { index: 'RubyGems', input: 'api-token', value: null, targets: ['gem-server'], isPublic: /^https:\/\/rubygems\.org\/?$/ },
  'actions/setup-node': { index: 'npm', input: 'always-auth', value: 'true', targets: ['registry-url'], isPublic: /^https:\/\/registry\.npmjs\.org\/?$/ },
}
/** Variables that send an upload elsewhere. */
const TARGET_VARIABLES = /^(?:TWINE_REPOSITORY_URL|TWINE_REPOSITORY|UV_PUBLISH_URL|UV_PUBLISH_INDEX|npm_config_registry|NPM_CONFIG_REGISTRY|CARGO_REGISTRY_DEFAULT|RUBYGEMS_HOST|FLIT_INDEX_URL|HATCH_INDEX_REPO|PDM_PUBLISH_REPO|MATURIN_REPOSITORY(?:_URL)?)$/

export const trustedPublishing = defineRule({
  meta: {
    id: 'trusted-publishing',
    summary: 'Publish with a short-lived identity instead of a stored token',
    severity: 'info',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['use-trusted-publishing'], codeql: ['NpmTokenInPublish'] },
    messages: {
      action: "'{input}' makes '{uses}' publish with a stored token; {index} takes a short-lived identity: trusted publishing with 'id-token: write'",
      command: "'{command}' publishes with a stored token; {index} takes a short-lived identity: trusted publishing with 'id-token: write'",
    },
  },
  create(ctx) {
    return {
      step(step) {
        if (step.uses !== null) checkAction(step)
        else if (step.job !== null && !mayAskForIdentity(step.job)) checkScript(step, step.job)
      },
    }

    function checkAction(step: Step): void {
      const { uses } = step
      const key = uses?.name.toLowerCase() ?? ''
      const action = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined
      const value = action === undefined ? null : inputOf(step, action.input)
      if (uses === null || action === undefined || value === null || value.text.trim() === '') return
      if (action.value !== null && value.text.trim() !== action.value) return
      if (action.targets.some((target) => isElsewhere(inputOf(step, target)?.text.trim() ?? '', action.isPublic))) return
      ctx.report({ message: 'action', at: uses.node, data: { uses: uses.name, input: action.input, index: action.index }, identity: key })
    }

    function checkScript(step: Step, job: Job): void {
      const read = commandsOf(step, MENTIONS)
      if (read === null) return
      for (const command of read.commands) {
        const publish = publishCommand(command)
        if (publish === null || !publish.isPublic || isSentElsewhere(step, job, publish.index)) continue
        ctx.report({ message: 'command', at: read.rangeOf(command), data: { command: publish.name, index: publish.index }, identity: publish.name })
      }
    }
  },
})

const isElsewhere = (target: string, isPublic: RegExp): boolean => target !== '' && (hasExpression(target) || !isPublic.test(target))

/** The identity may be in use already: the token, where there is one, is for something else. */
function mayAskForIdentity({ permissions, workflow }: Job): boolean {
  const own = permissions ?? workflow.permissions
  return own !== null && (own.word === 'write-all' || own.scopes.some(({ name, access }) => name === 'id-token' && access === 'write'))
}

function isSentElsewhere(step: Step, job: Job, index: string): boolean {
  for (const env of [step.env, job.env, job.workflow.env]) {
    for (const { key, value } of env?.pairs ?? []) {
      if (TARGET_VARIABLES.test(key.text) && !isPublicIndex(asScalar(value)?.text ?? '')) return true
    }
  }
  if (index !== 'npm') return false
  return job.steps.some(({ uses, with: inputs }) => {
    const registry = uses?.name.toLowerCase() === 'actions/setup-node' ? asScalar(lookup(inputs, 'registry-url')) : null
    return registry !== null && !registry.text.includes('npmjs.org')
  })
}
