// Reads a PowerShell script just far enough to find the programs that it starts. Scripts that load others are not read.

/** Loads or starts what stands elsewhere, or runs text. */
const LOADS = /\bImport-Module\b|\.psm?1\b|\bInvoke-Expression\b|\biex\b|\bStart-Process\b|(?:^|[\n;|({])[ \t]*[&.]\s|(?:^|[\n;|({])[ \t]*\.?[\\/]/i
const REQUESTS = /\bInvoke-(?:RestMethod|WebRequest)\b|\b(?:irm|iwr)\b/i
/** Cmdlets that PowerShell brings; a function of the repository's own has other nouns. */
const CMDLET = /^(?:Get|Set|New|Remove|Write|Out|Test|Select|Where|ForEach|Sort|Group|Measure|Join|Split|Copy|Move|Rename|Add|Clear|ConvertTo|ConvertFrom|Expand|Compress|Start|Wait|Resolve|Invoke|Format|Tee)-(?:ChildItem|Item|ItemProperty|Content|Path|Location|Variable|Host|Output|Error|Warning|Verbose|Information|File|Null|String|Object|Json|Csv|Xml|Archive|Sleep|Date|Command|Process|Service|FileHash|Member|Table|List|RestMethod|WebRequest|Random|Guid|TimeSpan)$/i
const KEYWORD = /^(?:if|else|elseif|foreach|for|while|do|switch|try|catch|finally|return|throw|exit|break|continue|param|\}|\{|\))/i

/** Whether the script only uses PowerShell's own commands and plain programs. */
export function isPlainPowerShell(script: string, { isHeld }: { readonly isHeld: boolean }): boolean {
  const text = withoutComments(script)
  return !LOADS.test(text) && !(isHeld && REQUESTS.test(text))
}

/** The lines that start a program or a function which is none of PowerShell's, one a line. */
export function programsOf(script: string): string {
  return withoutComments(script)
    .replace(/`\r?\n/g, ' ')
    .split(/[\n;|]/)
    .map((line) => line.trim().replace(/^(?:\$[\w:.]+\s*[+-]?=\s*)+/, ''))
    .filter((line) => /^[\w./-]/.test(line) && !KEYWORD.test(line) && !CMDLET.test(line.split(/\s/)[0] ?? ''))
    .join('\n')
}

const withoutComments = (script: string): string => script.replace(/<#[\s\S]*?#>/g, '').replace(/(^|\s)#.*/g, '$1')
