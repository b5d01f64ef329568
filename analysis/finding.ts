// What the engine reports: findings, fixes and the words that grade them.

export const SEVERITIES = ['info', 'low', 'medium', 'high'] as const
export const CONFIDENCES = ['low', 'medium', 'high'] as const
export const PROFILES = ['regular', 'pedantic', 'auditor'] as const

export type Severity = (typeof SEVERITIES)[number]
export type Confidence = (typeof CONFIDENCES)[number]
/** Each profile contains the one before it. */
export type Profile = (typeof PROFILES)[number]
export type FixSafety = 'safe' | 'unsafe'

/** Both 1-based; the column counts UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Replaces text[start, end) of the original file; UTF-16 offsets. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A whole new file, or lines behind the last one of a file that is there. The text ends with a line break. */
export interface WrittenFile {
  readonly kind: 'create' | 'append'
  readonly path: string
  readonly text: string
}

/** Shown only after it was verified (fixes/verify.ts, fixes/write-file.ts). Edits are ascending and do not overlap. */
export interface Fix {
  readonly safety: FixSafety
  readonly description: string
  readonly edits: readonly TextEdit[]
  /** What is written outside the finding's file; there are no edits then. */
  readonly file?: WrittenFile
}

/** Tool name -> its names for the same thing on the same line. */
export type Equivalents = Readonly<Record<string, readonly string[]>>

export interface SuppressionMark {
  /** 'inline' is `# autodevops: ignore[...]`; 'foreign' another tool's comment; 'policy' the policy file's entry;
   *  'dismissed' the organisation's decision about this one finding. */
  readonly kind: 'inline' | 'foreign' | 'policy' | 'dismissed'
  readonly by: string | null
  readonly reason: string | null
  /** YYYY-MM-DD, the last day on which it holds. */
  readonly until: string | null
}

export interface Finding {
  readonly ruleId: string
  readonly message: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly profile: Profile
  readonly path: string
  readonly start: Position
  readonly end: Position
  /** The same finding keeps it when lines move: rule, job and step identity, normalised content. Hex, 32 digits. */
  readonly fingerprint: string
  /** Only where this finding has other equivalents than its rule: for the tools it names, in place of the rule's. */
  readonly equivalents?: Equivalents
  readonly suppressed?: SuppressionMark
  readonly fix: Fix | null
}

export type FileKind = 'workflow' | 'action' | 'dependabot' | 'policy' | 'pre-commit' | 'unknown'

export interface FileOutcome {
  readonly path: string
  readonly kind: FileKind
  readonly status: 'analysed' | 'unreadable'
  readonly error?: string
}

/** Higher for what is graver. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity)

export const isAtLeast = (severity: Severity, threshold: Severity): boolean => rankOf(severity) >= rankOf(threshold)
