// Finds packages that a script fetches in whatever version is the newest: pip, pipx, uv, npx, go, cargo, dotnet, nuget, choco.
// Leaves out requirement files, the project itself, what npx finds installed, and managers whose named installs adhoc-package reports.
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { unversionedPackages } from '../shell/unversioned-package.ts'
import { hasNodePackages } from '../workflow/node-packages.ts'
import { defineRule } from './rule.ts'

const MENTIONS = /\b(?:pip[\d.]*|pipx|uvx?|npx|bunx|go|cargo|dotnet|nuget|choco)\b/
/** These take what the project has installed, and fetch only what it lacks. */
const RUNS_INSTALLED = /^(?:npx|bunx)$/

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
          if (packages.length === 0 || (RUNS_INSTALLED.test(programOf(command)) && hasNodePackages(step, read.script.offsetOf(command.start)))) continue
          const names = packages.map(({ text }) => `'${text}'`).join(', ')
          const program = command.words.filter(({ text }) => !text.startsWith('+')).slice(0, 2).map(({ text }) => text).join(' ')
          ctx.report({ message: 'open', at: read.rangeOf(command), data: { program, packages: names }, identity: names })
        }
      },
    }
  },
})
