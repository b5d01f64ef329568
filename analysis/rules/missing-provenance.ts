// Finds npm packages and images that are published without a statement of where they were built.
// Leaves out trusted publishing, which adds one, other registries, private repositories, and workflows that sign or attest what they publish.
import type { Command, Word } from '../shell/commands.ts'
import type { Step } from '../workflow/step.ts'
import type { StepCommands } from '../shell/step-commands.ts'
import type { EditsFix } from './rule.ts'
import { publishCommand } from '../shell/publish-command.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { publishingTrigger } from '../workflow/publishing-trigger.ts'
import { inputOf } from '../workflow/step-input.ts'
import { visibilityOf } from '../workflow/visibility.ts'
import { defineRule } from './rule.ts'

/** Anything in the file that states or signs where a release comes from. */
const ATTESTS = /actions\/attest|attest-build-provenance|slsa|cosign|provenance: (?!false)|--provenance(?!=false)|--attest|NPM_CONFIG_PROVENANCE|sbom: true/i
/** Only these know the flag, and take a token from these variables. */
const NPM_PROGRAMS = new Set(['npm publish', 'pnpm publish'])
const NPM_TOKEN = /\b(?:NODE_AUTH_TOKEN|NPM_TOKEN|NPM_AUTH_TOKEN)\b/
const OTHER_REGISTRY = /registry-url:(?!.*registry\.npmjs\.org)|access[= ]restricted/

export const missingProvenance = defineRule({
  meta: {
    id: 'missing-provenance',
    summary: 'State where a release was built',
    severity: 'info',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['MissingProvenanceFlag'] },
    messages: {
      npm: "'{command}' publishes without provenance, so nobody can check which workflow built the package; add '--provenance' and 'id-token: write'",
      image: "'{command}' pushes an image and nothing attests where it was built; add actions/attest-build-provenance",
      action: "'provenance: false' keeps '{command}' from stating where the image was built; remove it, or attest the digest",
    },
  },
  create(ctx) {
    return {
      step(step) {
        if (step.job === null || ATTESTS.test(step.file.text)) return
        if (step.uses?.name.toLowerCase() === 'docker/build-push-action') {
          const provenance = inputOf(step, 'provenance')
          if (provenance?.text === 'false' && inputOf(step, 'push')?.text === 'true' && !isPrivate()) ctx.report({ message: 'action', at: provenance, data: { command: step.uses.name } })
          return
        }
        const read = commandsOf(step, /\b(?:publish|push)\b/)
        for (const command of read?.commands ?? []) if (read !== null) checkCommand(step, read, command)
      },
    }

    /** Asked only where there is something to report; nobody outside could look at what a private repository states. */
    function isPrivate(): boolean {
      return visibilityOf(ctx) === 'private'
    }

    function checkCommand(step: Step, read: StepCommands, command: Command): void {
      const publish = publishCommand(command)
      const at = read.rangeOf(command)
      if (publish !== null && NPM_PROGRAMS.has(publish.name) && publish.isPublic && NPM_TOKEN.test(step.file.text) && !OTHER_REGISTRY.test(step.file.text) && !isPrivate()) {
        ctx.report({ message: 'npm', at, data: { command: publish.name }, fix: addFlag(step, read, command), identity: publish.name })
      }
      // Images of a test run are pushed too.
      const isReleased = ['a release', 'a tag'].includes(step.job === null ? '' : (publishingTrigger(step.job.workflow) ?? ''))
      const [program, verb, image] = command.words
      const isPush = ['docker', 'podman'].includes(programOf(command)) && verb?.text === 'push' && image !== undefined && program !== undefined && isReleased
      if (isPush && !isLocal(image) && !isPrivate()) ctx.report({ message: 'image', at, data: { command: `${program.text} push` }, identity: 'push' })
    }
  },
})

const isLocal = ({ text }: Word): boolean => /^(?:localhost|127\.0\.0\.1|kind-registry|registry)(?::\d+)?\//.test(text)

/** Only where the job may ask for the identity that the statement is signed with. */
function addFlag({ job }: Step, { script }: StepCommands, { words }: Command): EditsFix | null {
  const scopes = (job?.permissions ?? job?.workflow.permissions)?.scopes ?? []
  const verb = words.find(({ text }) => text === 'publish')
  if (verb === undefined || !scopes.some(({ name, access }) => name === 'id-token' && access === 'write')) return null
  const at = script.offsetOf(verb.end)
  return { kind: 'edits', safety: 'unsafe', description: 'Publish with provenance', edits: [{ start: at, end: at, text: ' --provenance' }] }
}
