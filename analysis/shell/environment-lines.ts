// Lines of a script that write to the environment or the search path of later steps, and whether what they write is written out.
// Reads lines, not a grammar, so that it serves every shell; what a group or a here-document writes is read with it.

export interface EnvironmentLine {
  readonly file: 'GITHUB_ENV' | 'GITHUB_PATH'
  /** The line that redirects, trimmed. */
  readonly text: string
  readonly isLiteral: boolean
}

const REDIRECT = /(?:>>?|\|\s*tee\s+(?:-a|--append)|\b(?:Out-File|Add-Content|Set-Content)\b[^|]*?)\s*["']?(?:\$(?:env:|\{)?|%|\$\{env:)(GITHUB_(?:ENV|PATH))\b/i
const DOCUMENT = /<<-?\s*(?:(["'])([\w-]+)\1|\\?([\w-]+))/
/** What prints its arguments and nothing else. */
const PRINTS = /^(?:@?echo|printf|Write-Output|Write-Host)\b|^["'(]/i
/** Set by the runner, from nothing that anybody chooses at run time. */
const FIXED = /\$\{\{\s*(?:github\.(?:action_path|workspace|sha|run_id|run_number|run_attempt|repository|repository_owner|job)|runner\.\w+)\s*\}\}|\$(?:env:|\{)?(?:HOME|PWD|USERPROFILE|PATH|GITHUB_(?:WORKSPACE|ACTION_PATH|SHA|RUN_ID|RUN_NUMBER|REPOSITORY|REPOSITORY_OWNER)|RUNNER_\w+)\b\}?|\$\(pwd\)|%(?:HOME|USERPROFILE|CD|GITHUB_WORKSPACE|RUNNER_\w+)%/gi
/** One line that the runner's own tools decide, whatever the repository or the event holds. */
const TOOLS = /(?:\$\(\s*|`)(?:(?:which|command\s+-v|type\s+-p)\s+[\w.+-]+|nproc|whoami|hostname|arch|uname(?:\s+-\w+)*|id\s+-[ugn]+|getconf\s+\w+|go\s+env\s+[A-Z]\w*|date(?:\s+-u)?(?:\s+["']?\+["']?[\w%:.+-]+["']?)?|mktemp(?:\s+-[dqtu]+)*|git\s+rev-parse\s+(?:--short(?:=\d+)?\s+)?HEAD)\s*(?:\)|`)/g
/** Around what is fixed, they are too. */
const PATHS = /\$\((?:dirname|basename|realpath|readlink\s+-f)\s+["']?[\w./~-]*["']?\)/g
const PUT_IN = /\$[\w({:]|`|%\w+%|\$\{\{/
const MAX_LINE = 2_000

/** In the order of the script. `script` is the source's text, braces and all. */
export function environmentLines(script: string): readonly EnvironmentLine[] {
  if (!/GITHUB_(?:ENV|PATH)/i.test(script)) return []
  const lines = script.split('\n').map((line) => (line.length > MAX_LINE ? '' : line.trim()))
  return lines.flatMap((text, index): EnvironmentLine[] => {
    const found = text.startsWith('#') ? null : REDIRECT.exec(text)
    if (found === null) return []
    const file = found[1]?.toUpperCase() === 'GITHUB_PATH' ? 'GITHUB_PATH' : 'GITHUB_ENV'
    const written = writtenBy(lines, index, text.slice(0, found.index))
    return [{ file, text, isLiteral: written.every(isLiteral) }]
  })
}

/** The lines that produce what the line redirects: itself, its here-document, or the group that it closes. */
function writtenBy(lines: readonly string[], index: number, own: string): readonly string[] {
  const text = lines[index] ?? ''
  const document = DOCUMENT.exec(text)
  const end = document?.[2] ?? document?.[3]
  if (document !== null && end !== undefined) {
    const close = lines.indexOf(end, index + 1)
    const body = lines.slice(index + 1, close < 0 ? lines.length : close)
    return document[1] === undefined ? body.map((line) => `echo ${line}`) : []
  }
  const opener = /^(?:\}|\)|done|fi)/.exec(text)
  if (opener === null) return [own]
  let open = index - 1
  while (open >= 0 && !/(?:^|\s)[{(]$|^(?:for|while|if)\b/.test(lines[open] ?? '')) open--
  return lines.slice(open + 1, index).filter((line) => line !== '' && !line.startsWith('#'))
}

/** Of `[ -n "$X" ] && echo Y=1` only what follows the condition is written. */
const CONDITION = /^.*(?:&&|\|\||;|\bthen\b)\s*(?=(?:echo|printf)\b)/

function isLiteral(line: string): boolean {
  const text = line.trim().replace(CONDITION, '')
  return text === '' || (PRINTS.test(text) && !PUT_IN.test(text.replace(FIXED, '').replace(TOOLS, '').replace(PATHS, '')))
}
