// Finds downloads that run unverified: piped into a shell, substituted into one, or run from the file they were saved to.
// Leaves out downloads whose checksum or signature is checked in between.
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import { downloadRuns } from '../shell/download.ts'
import { scriptOf } from '../shell/script.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { shellOf } from '../shell/step-shell.ts'
import { defineRule } from './rule.ts'

const FETCHES = /\b(?:curl|wget)\b/
const ANY = /\S/
/** One line that both downloads and evaluates. */
const POWERSHELL = /^.*(?:\b(?:iex|Invoke-Expression)\b.*\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString|curl|wget)\b|\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)\b.*\|\s*(?:iex|Invoke-Expression)\b).*$/i

export const curlPipeShell = defineRule({
  meta: {
    id: 'curl-pipe-shell',
    summary: 'Check a download before running it',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['unverified_script_exec'], scorecard: ['Pinned-Dependencies/run'] },
    messages: {
      piped: "{what} runs as it arrives; whoever controls the server or its address controls this job. Download a fixed version and check its checksum first",
      file: { text: "'{file}' was downloaded from {what} and runs without a check; compare its checksum, or verify its signature, first", confidence: 'medium' },
    },
  },
  create(ctx) {
    const downloads = new Map<Job | null, Map<string, string>>()
    return {
      step(step) {
        const shell = shellOf(step)
        if (shell === 'pwsh' || shell === 'powershell') checkPowerShell(step)
        else checkPosix(step)
      },
    }

    function checkPosix(step: Step): void {
      const saved = downloads.get(step.job) ?? new Map<string, string>()
      downloads.set(step.job, saved)
      const read = commandsOf(step, saved.size > 0 ? ANY : FETCHES)
      if (read === null) return
      for (const { command, address, file } of downloadRuns(read, saved)) {
        const what = address === '' ? 'this download' : `'${address}'`
        ctx.report({ message: file === null ? 'piped' : 'file', at: read.rangeOf(command), data: { what: file !== null && address === '' ? 'somewhere' : what, file: file ?? '' }, identity: `${address} ${file ?? ''}` })
      }
    }

    function checkPowerShell({ run, file }: Step): void {
      if (run === null || !/\b(?:iex|Invoke-Expression)\b/i.test(run.text)) return
      const script = scriptOf(file.text, run)
      let start = 0
      for (const line of script.text.split('\n')) {
        const isCode = line.length < 1_000 && !line.trimStart().startsWith('#')
        if (isCode && POWERSHELL.test(line)) {
          const at = start + line.length - line.trimStart().length
          ctx.report({ message: 'piped', at: { start: script.offsetOf(at), end: script.offsetOf(start + line.trimEnd().length) }, data: { what: 'this download' } })
        }
        start += line.length + 1
      }
    }
  },
})
