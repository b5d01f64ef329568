// Finds shells that do not exist, and shells that the job's system does not have. Leaves out templates with `{0}`, shells
// given by an expression, and systems that the file does not show.
import type { System } from '../shell/step-shell.ts'
import type { ScalarNode } from '../source/node.ts'
import { systemOf } from '../shell/step-shell.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const EVERYWHERE: readonly string[] = ['bash', 'pwsh', 'python']
const WINDOWS: readonly string[] = [...EVERYWHERE, 'cmd', 'powershell']
const UNIX: readonly string[] = [...EVERYWHERE, 'sh']
const ALL: readonly string[] = [...WINDOWS, 'sh']

export const shellName = defineRule({
  meta: {
    id: 'shell-name',
    summary: 'Run scripts in a shell that the runner has',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['shell-name'] },
    messages: {
      unknown: "there is no shell '{shell}'; use {shells}, or a command with the placeholder {placeholder}",
      elsewhere: "the shell '{shell}' does not exist on {system}; use {shells}",
      // Git for Windows brings a sh.exe, which GitHub does not promise.
      undocumented: { text: "the shell '{shell}' is not documented for {system}; use {shells}", severity: 'medium', confidence: 'medium' },
    },
  },
  create(ctx) {
    const met = new Set<ScalarNode>()
    const check = (node: ScalarNode | null, system: System): void => {
      if (node === null || met.has(node)) return
      met.add(node)
      const shell = node.text
      const name = shell.trim().toLowerCase()
      if (name === '' || name.includes('{0}') || hasExpression(shell)) return
      const shells = namesOf(system).join(', ')
      if (!ALL.includes(name)) ctx.report({ message: 'unknown', at: node, data: { shell, shells, placeholder: '{0}' } })
      else if (!namesOf(system).includes(name)) {
        const where = system === 'windows' ? 'Windows' : 'Linux and macOS'
        ctx.report({ message: name === 'sh' ? 'undocumented' : 'elsewhere', at: node, data: { shell, shells, system: where } })
      }
    }
    return {
      workflow({ defaultShell }) { check(defaultShell, 'unknown') },
      job(job) { check(job.defaultShell, systemOf(job)) },
      step({ shell, job, condition }) {
        // A step that asks for the system is skipped on the others.
        check(shell, job === null || condition?.text.includes('runner.os') === true ? 'unknown' : systemOf(job))
      },
    }
  },
})

function namesOf(system: System): readonly string[] {
  return system === 'windows' ? WINDOWS : system === 'unix' ? UNIX : ALL
}
