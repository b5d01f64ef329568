// What the process ends with. Findings and a failure of the tool never share a code.

/** 0: nothing at or above the threshold. 1: findings, an unreadable file among them. 2: wrong usage. 3: the tool itself failed. */
export type ExitCode = 0 | 1 | 2 | 3

export const EXIT_CODES: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: 0, meaning: 'nothing at or above the threshold (--fail-on)' },
  { code: 1, meaning: 'findings; a file that cannot be read is one' },
  { code: 2, meaning: 'wrong usage' },
  { code: 3, meaning: 'the tool itself failed' },
]
