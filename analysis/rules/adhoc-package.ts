// Finds packages that a workflow installs by name, beside the lock file that holds everything else.
// Leaves out installs from a manifest or lock file, local archives, and managers that unpinned-package looks at.
import { addedPackages } from '../shell/package-install.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { inputOf } from '../workflow/step-input.ts'
import { defineRule } from './rule.ts'

const MENTIONS = /\b(?:npm|pnpm|yarn|gem|bundle)\b/

export const adhocPackage = defineRule({
  meta: {
    id: 'adhoc-package',
    summary: 'Install packages through a lock file',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { zizmor: ['adhoc-packages', 'misfeature'], scorecard: ['Pinned-Dependencies/run'] },
    messages: {
      command: "'{command}' installs {packages} beside the lock file, so neither its content nor its dependencies are fixed; add it to the manifest and install that",
      input: "'pip-install' installs packages beside any lock file; install a requirements file with hashes in a step of its own",
    },
  },
  create(ctx) {
    return {
      step(step) {
        if (step.uses?.name.toLowerCase() === 'actions/setup-python') {
          const input = inputOf(step, 'pip-install')
          if (input !== null && input.text.trim() !== '' && !isManifest(input.text)) ctx.report({ message: 'input', at: input })
        }
        const read = commandsOf(step, MENTIONS)
        if (read === null) return
        for (const command of read.commands) {
          const packages = addedPackages(command)
          if (packages.length === 0) continue
          const names = packages.map(({ text }) => `'${text}'`).join(', ')
          ctx.report({
            message: 'command',
            at: read.rangeOf(command),
            data: { command: command.words.slice(0, 2).map(({ text }) => text).join(' '), packages: names },
            identity: names,
          })
        }
      },
    }
  },
})

/** `-r requirements.txt`, `-e .` and the like name no package. */
const isManifest = (text: string): boolean => text.trim().split(/\s+/).every((word) => /^(?:-|\.|\/)|\.txt$/.test(word))
