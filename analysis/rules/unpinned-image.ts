// Finds images of jobs, services, steps and actions that are named by a tag, or by nothing, instead of a digest.
// Leaves out empty images, and an action's own Dockerfile.
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
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
    fix: 'none',
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
        if (message !== null) ctx.report({ message, at: scalar, data: { image }, identity: `${message} ${nameOf(image)}` })
      }
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
