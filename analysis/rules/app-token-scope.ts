// Finds steps that make a token of a GitHub App which can do more than the job: all that the App may, in all repositories of an
// owner, or beyond the job's end. Leaves out tokens for an organisation's own settings, which name no repository.
import type { Pair } from '../source/node.ts'
import type { Step } from '../workflow/step.ts'
import type { EditsFix } from './rule.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { setInput } from '../fixes/set-input.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { inputOf, inputPair } from '../workflow/step-input.ts'
import { defineRule } from './rule.ts'

const ACTION = 'actions/create-github-app-token'
const PERMISSION = 'permission-'
/** Permissions of an organisation, an enterprise or a user: https://docs.github.com/rest/authentication/permissions-required-for-github-apps, 2026-11-24. */
const NO_REPOSITORY = /^permission-(?:organization-[\w-]+|enterprise-[\w-]+|members|team-discussions|email-addresses|followers|git-ssh-keys|gpg-keys|interaction-limits|profile|starring)$/

export const appTokenScope = defineRule({
  meta: {
    id: 'app-token-scope',
    summary: 'Give an App token only what the job needs',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['github-app'], ghalint: ['github_app_should_limit_repositories', 'github_app_should_limit_permissions'] },
    messages: {
      permissions: "this token gets every permission that the App has; name those that the job needs, as 'permission-contents: read'",
      repositories: "'owner' without 'repositories' gives a token for every repository of {owner} where the App is installed; name those that the job needs",
      revocation: "'skip-token-revoke' leaves the token valid after the job, for up to an hour; remove it",
      uncertain: { text: "'skip-token-revoke' comes from an expression, so the token may stay valid after the job; remove it", confidence: 'low' },
    },
  },
  create(ctx) {
    return {
      uses({ name, node, step }) {
        const given = step?.with ?? null
        if (step === null || given === null || name.toLowerCase() !== ACTION) return
        const permissions = given.pairs.filter(({ key }) => key.text.toLowerCase().startsWith(PERMISSION)).map(({ key }) => key.text.toLowerCase())
        if (permissions.length === 0) ctx.report({ message: 'permissions', at: node })
        const owner = inputPair(step, 'owner')
        const isOfRepository = permissions.length === 0 || permissions.some((permission) => !NO_REPOSITORY.test(permission))
        if (owner !== undefined && isOfRepository && (inputOf(step, 'repositories')?.text.trim() ?? '') === '') {
          ctx.report({ message: 'repositories', at: owner.key, data: { owner: inputOf(step, 'owner')?.text ?? 'the owner' }, fix: nameRepository(step) })
        }
        const skip = inputPair(step, 'skip-token-revoke')
        const value = inputOf(step, 'skip-token-revoke')?.text.trim().toLowerCase() ?? ''
        if (skip === undefined) return
        if (hasExpression(value)) ctx.report({ message: 'uncertain', at: skip.key, fix: dropSkip(step, skip) })
        else if (value === 'true') ctx.report({ message: 'revocation', at: skip.key, fix: dropSkip(step, skip) })
      },
    }
  },
})

function nameRepository(step: Step): EditsFix | null {
  const edit = setInput(step, 'repositories', '${{ github.event.repository.name }}')
  return edit && { kind: 'edits', safety: 'unsafe', description: 'Limit the token to this repository', edits: [edit] }
}

function dropSkip(step: Step, skip: Pair): EditsFix | null {
  const edit = step.with === null ? null : removeLine(step.file, step.with, skip)
  return edit && { kind: 'edits', safety: 'unsafe', description: 'Revoke the token when the job ends', edits: [edit] }
}
