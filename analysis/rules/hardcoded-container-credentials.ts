// Finds the password of a registry written into a workflow, for a job's container or a service. Leaves out any expression.
import type { JobImage } from '../workflow/job.ts'
import { asMapping, asScalar, hasExpression, isNull, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const hardcodedContainerCredentials = defineRule({
  meta: {
    id: 'hardcoded-container-credentials',
    summary: 'Keep registry passwords in secrets',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    marksSecret: true,
    equivalents: {
      zizmor: ['hardcoded-container-credentials'],
      actionlint: ['credentials'],
      octoscan: ['credentials'],
      codeql: ['HardcodedContainerCredentials'],
    },
    messages: { literal: 'the registry password of {image} stands in the workflow, where everybody who can read it finds it; use a secret, and change the password' },
  },
  create(ctx) {
    const check = (image: JobImage, name: string): void => {
      const password = asScalar(lookup(asMapping(lookup(image.node, 'credentials')), 'password'))
      if (password === null || isNull(password) || password.text === '' || hasExpression(password.text)) return
      // The place stands for itself: no hash of the password may reach a report.
      ctx.report({ message: 'literal', at: password, data: { image: name }, identity: name })
    }
    return {
      job({ container, services }) {
        if (container !== null) check(container, 'the container')
        for (const service of services) check(service, `the service '${service.name}'`)
      },
    }
  },
})
