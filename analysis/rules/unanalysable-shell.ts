// Finds shells that no analyser reads: `cmd`, and programs that GitHub does not document. Speaks on the key that sets the shell.
// Leaves out bash, sh, pwsh, powershell and python, with arguments or without, and expressions.
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import { asMapping, findPair, hasExpression, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const KNOWN: ReadonlySet<string> = new Set(['bash', 'sh', 'pwsh', 'powershell', 'python'])

export const unanalysableShell = defineRule({
  meta: {
    id: 'unanalysable-shell',
    summary: 'Use a shell that can be checked',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['misfeature'] },
    messages: {
      cmd: "no tool reads scripts for 'cmd' reliably, this one included; use pwsh or bash",
      other: { text: "no tool reads scripts for '{shell}', this one included; use bash, pwsh or python", profile: 'auditor' },
    },
  },
  create(ctx) {
    const check = (shell: ScalarNode | null, at = shell): void => {
      if (shell === null || at === null || hasExpression(shell.text)) return
      const program = (shell.text.trim().split(/\s+/)[0] ?? '').replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase()
      if (program === '' || KNOWN.has(program)) return
      ctx.report(program === 'cmd' ? { message: 'cmd', at } : { message: 'other', at, data: { shell: shell.text } })
    }
    return {
      workflow({ node, defaultShell }) { check(defaultShell, keyOf({ node, defaultShell })) },
      job({ node, defaultShell }) { check(defaultShell, keyOf({ node, defaultShell })) },
      step({ node, shell }) { check(shell, findPair(node, 'shell')?.key) },
    }
  },
})

function keyOf({ node, defaultShell }: Pick<Job, 'node' | 'defaultShell'>): ScalarNode | null {
  return findPair(asMapping(lookup(asMapping(lookup(node, 'defaults')), 'run')), 'shell')?.key ?? defaultShell
}
