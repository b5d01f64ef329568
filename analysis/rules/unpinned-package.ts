// Finds packages that a script fetches in whatever version is the newest: pip, pipx, uv, npx, go, cargo, dotnet, nuget, choco.
// Leaves out requirement files, the project itself, and managers whose named installs adhoc-package reports.
import { commandsOf } from '../shell/step-commands.ts'
import { unversionedPackages } from '../shell/unversioned-package.ts'
import { defineRule } from './rule.ts'

const MENTIONS = /\b(?:pip[\d.]*|pipx|uvx?|npx|bunx|go|cargo|dotnet|nuget|choco)\b/

export const unpinnedPackage = defineRule({
  meta: {
    id: 'unpinned-package',
    summary: 'Name the version of every package that a script fetches',
    severity: 'low',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { scorecard: ['Pinned-Dependencies/run'] },
    messages: { open: "'{program}' fetches the newest version of {packages}; name the version that was tested, better with its hash in a file" },
  },
  create(ctx) {
    return {
      step(step) {
        const read = commandsOf(step, MENTIONS)
        if (read === null) return
        for (const command of read.commands) {
          const packages = unversionedPackages(command)
          if (packages.length === 0) continue
          const names = packages.map(({ text }) => `'${text}'`).join(', ')
          const program = command.words.slice(0, 2).map(({ text }) => text).join(' ')
          ctx.report({ message: 'open', at: read.rangeOf(command), data: { program, packages: names }, identity: names })
        }
      },
    }
  },
})
