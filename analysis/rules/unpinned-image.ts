// Finds images of jobs, services, steps and actions that are named by a tag, or by nothing, instead of a digest.
// Leaves out empty images, and an action's own Dockerfile.
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { EditsFix } from './rule.ts'
import { isShown } from '../policy/policy.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { imageValues } from '../workflow/image-values.ts'
import { defineRule } from './rule.ts'

const DOCKER = 'docker://'

export const unpinnedImage = defineRule({
  meta: {
    id: 'unpinned-image',
    summary: 'Pin every container image to a digest',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['unpinned-images'], ghalint: ['deny_job_container_latest_image'], scorecard: ['Pinned-Dependencies'] },
    messages: {
      untagged: "the image '{image}' has neither tag nor digest, so it is whatever was pushed last; pin it as '{image}@sha256:...'",
      latest: "the image '{image}' is whatever was pushed last; pin it by its digest, '@sha256:...'",
      tagged: { text: "the tag of the image '{image}' can be moved; pin it by its digest, '@sha256:...'", profile: 'pedantic' },
      unknown: { text: "nothing here says which image '{image}' is; give it as a literal with a digest, '@sha256:...'", confidence: 'low' },
    },
  },
  create(ctx) {
    const check = (scalar: ScalarNode | null, job: Job | null): void => {
      if (scalar === null) return
      for (const value of imageValues(ctx.file.text, scalar, job)) {
        const image = 'text' in value ? withoutScheme(value.text) : value.unknown
        const message = 'text' in value ? messageFor(image) : 'unknown'
        if (message !== null) ctx.report({ message, at: scalar, data: { image }, fix: message === 'unknown' ? null : appendDigest(scalar, image), identity: `${message} ${nameOf(image)}` })
      }
    }
    /** Where the image stands in the file letter by letter, alone. */
    const appendDigest = (scalar: ScalarNode, image: string): EditsFix | null => {
      const end = scalar.end - (scalar.style === 'plain' ? 0 : 1)
      if (hasExpression(scalar.text) || !ctx.file.text.slice(scalar.start, end).endsWith(image)) return null
      const request = { kind: 'image', image } as const
      if (isShown({ id: 'unpinned-image', profile: messageFor(image) === 'tagged' ? 'pedantic' : 'regular' }, ctx.policy)) ctx.want(request)
      const answer = ctx.fact(request)
      if (answer?.status !== 'known') return null
      return { kind: 'edits', safety: 'safe', description: `pin ${image} to the digest that its tag points to`, edits: [{ start: end, end, text: `@${answer.value.digest}` }] }
    }
    return {
      job(job) {
        check(job.container?.image ?? null, job)
        for (const service of job.services) check(service.image, job)
      },
      uses(uses) {
        if (uses.form === 'docker') check(uses.node, null)
      },
      action({ image }) {
        if (image?.text.startsWith(DOCKER) === true) check(image, null)
      },
    }
  },
})

const withoutScheme = (text: string): string => (text.startsWith(DOCKER) ? text.slice(DOCKER.length) : text)

const nameOf = (image: string): string => image.replace(/:[^/]*$/, '')

function messageFor(image: string): 'untagged' | 'latest' | 'tagged' | 'unknown' | null {
  if (image === '' || image.includes('@')) return null
  // Braces may hold colons and slashes of their own.
  const plain = image.replace(/\$\{\{.*?\}\}/gs, 'x')
  const last = plain.slice(plain.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  if (colon === -1) return image.endsWith('}}') ? 'unknown' : 'untagged'
  return last.slice(colon + 1) === 'latest' ? 'latest' : 'tagged'
}
