// Finds setup steps without the cache that they offer, where the job then installs what a lock file or manifest lists, and saves
// that the run's token refuses.
// Leaves out publishing jobs, which should restore none, jobs with a cache of another kind, own runners, and setup-node from 5 on
// with npm, which decides by itself.
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import type { EditsFix } from './rule.ts'
import { cacheUses } from '../data/caching-actions.ts'
import { publishes } from '../data/publishing-actions.ts'
import { usedVersion } from '../data/used-version.ts'
import { parseVersion } from '../data/version.ts'
import { setInput } from '../fixes/set-input.ts'
import { publishCommand } from '../shell/publish-command.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { publishingTrigger } from '../workflow/publishing-trigger.ts'
import { readOnlyCacheEvent } from '../workflow/cache-token.ts'
import { inputOf, inputPair } from '../workflow/step-input.ts'
import { stepsAfter, workingSteps } from '../workflow/step.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { defineRule } from './rule.ts'

interface Offer {
  readonly input: string
  /** Program -> the words behind it that install, and the value of the input for it. */
  readonly installs: Readonly<Record<string, { readonly words: RegExp; readonly value: string }>>
}

/** Without a lock file the cache fails the step: only these say that there is one. */
const FROZEN = /^(?:install|i)\b.* --(?:frozen-lockfile|immutable)\b/
const PIP = { words: /^install (?:.* )?(?:-r|--requirement)\b/, value: 'pip' }
const MAVEN = { words: /\b(?:compile|test|package|verify|install)\b/, value: 'maven' }
const GRADLE = { words: /\b(?:build|test|check|assemble)\b/, value: 'gradle' }
/** As of 2026-11-24, from the README of each action. */
const OFFERS: Readonly<Record<string, Offer>> = {
  'actions/setup-node': { input: 'cache', installs: { npm: { words: /^(?:ci|clean-install)\b/, value: 'npm' }, yarn: { words: FROZEN, value: 'yarn' }, pnpm: { words: FROZEN, value: 'pnpm' } } },
  'actions/setup-python': { input: 'cache', installs: { pip: PIP, pip3: PIP } },
  'actions/setup-java': { input: 'cache', installs: { mvn: MAVEN, mvnw: MAVEN, gradle: GRADLE, gradlew: GRADLE } },
  'ruby/setup-ruby': { input: 'bundler-cache', installs: { bundle: { words: /^install\b/, value: 'true' } } },
}
const INSTALLS = /\b(?:npm|yarn|pnpm|pip3?|mvnw?|gradlew?|bundle)\b/

export const missingCache = defineRule({
  meta: {
    id: 'missing-cache',
    summary: 'Keep downloaded packages between runs',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'performance',
    equivalents: {},
    messages: {
      off: "'{command}' downloads every package in each run; '{uses}' keeps them with '{input}: {value}'",
      refused: "this saves nothing: a run that '{event}' starts may only read the cache; save it in a workflow that a push to the default branch starts",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const event = ctx.host.kind === 'github.com' && savesCache(step) ? readOnlyCacheEvent(step.job?.workflow ?? null) : null
        if (event !== null && step.uses !== null) ctx.report({ message: 'refused', at: step.uses.node, data: { event } })
        const { uses, job } = step
        const key = uses?.name.toLowerCase() ?? ''
        const offer = Object.hasOwn(OFFERS, key) ? OFFERS[key] : undefined
        if (uses === null || job === null || offer === undefined || inputPair(step, offer.input) !== undefined || isCachedOrPublishing(job)) return
        const install = installAfter(step, offer)
        if (install === null || (install.value === 'npm' && (majorOf(step) ?? 5) >= 5)) return
        const { input } = offer
        ctx.report({ message: 'off', at: uses.node, data: { ...install, uses: uses.name, input }, fix: turnOn(step, input, install.value), identity: key })
      },
    }
  },
})

function savesCache(step: Step): boolean {
  const name = step.uses?.name.toLowerCase()
  return name === 'actions/cache/save' || (name === 'actions/cache' && inputOf(step, 'lookup-only')?.text !== 'true')
}

/** Words in a workflow's path that say that it publishes, by whatever script. */
const PUBLISHING_NAME = /release|publish|deploy|nightly/i

function isCachedOrPublishing({ workflow, runsOn, steps }: Job): boolean {
  if (runsOn === null || PUBLISHING_NAME.test(workflow.file.path) || publishingTrigger(workflow) !== null || workflow.file.text.slice(runsOn.pair.value.start, runsOn.pair.value.end).includes('self-hosted')) return true
  return workingSteps(steps).some((step) => {
    if (publishes(step) || step.uses?.form === 'local' || step.uses?.form === 'self' || /cache/i.test(step.uses?.name ?? '')) return true
    if (cacheUses(step).some(({ input }) => input !== 'package-manager-cache')) return true
    return commandsOf(step, /\b(?:publish|upload|push)\b/)?.commands.some((command) => publishCommand(command) !== null) === true
  })
}

function installAfter(step: Step, { installs }: Offer): { readonly command: string; readonly value: string } | null {
  for (const later of stepsAfter(step)) {
    // In another folder the lock file has to be named, too.
    if (later.workingDirectory !== null) continue
    for (const command of commandsOf(later, INSTALLS)?.commands ?? []) {
      const program = programOf(command)
      const install = Object.hasOwn(installs, program) ? installs[program] : undefined
      const rest = command.words.slice(1).map(({ text }) => text).join(' ')
      if (install?.words.test(rest) === true) return { command: `${program} ${rest}`.trim().slice(0, 60), value: install.value }
    }
  }
  return null
}

function majorOf({ uses }: Step): number | null {
  if (uses === null) return null
  return parseVersion(usedVersion(uses)?.version?.label ?? versionComment(uses)?.version ?? uses.ref)?.[0] ?? null
}

function turnOn(step: Step, input: string, value: string): EditsFix | null {
  const edit = setInput(step, input, value)
  return edit && { kind: 'edits', safety: 'unsafe', description: `Keep packages between runs: '${input}: ${value}'`, edits: [edit] }
}
