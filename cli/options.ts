// The options of all commands, once: their words, defaults and help. Help and docs are made from, or compared with, these tables.
import { CONFIDENCES, PROFILES, SEVERITIES } from '../analysis/finding.ts'
import { FAIL_ON } from '../analysis/policy/select.ts'

export interface Choice<T extends string = string> {
  readonly kind: 'choice'
  readonly values: readonly T[]
  readonly default: T
  readonly help: string
}

export interface Flag {
  readonly kind: 'flag'
  readonly help: string
}

/** YYYY-MM-DD. */
export interface DateOption {
  readonly kind: 'date'
  readonly help: string
}

/** Anything that is not empty: a file, a git ref, a name. */
export interface TextOption {
  readonly kind: 'text'
  /** What the help calls the value. */
  readonly placeholder: string
  readonly help: string
}

/** A word each time that it is given; null when it never is. */
export interface ListOption {
  readonly kind: 'list'
  /** What the help calls a word. */
  readonly placeholder: string
  readonly pattern: RegExp
  /** The pattern, for a person. */
  readonly wanted: string
  readonly help: string
}

export type Option = Choice | Flag | DateOption | TextOption | ListOption
export type OptionTable = Readonly<Record<string, Option>>

export type ValuesOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends Choice<infer V> ? V : T[K] extends Flag ? boolean : T[K] extends ListOption ? readonly string[] | null : string | null
}

const choice = <const T extends string>(values: readonly T[], initial: T, help: string): Choice<T> => ({ kind: 'choice', values, default: initial, help })
const text = (placeholder: string, help: string): TextOption => ({ kind: 'text', placeholder, help })
const flag = (help: string): Flag => ({ kind: 'flag', help })

const COLOUR_MODES = ['auto', 'always', 'never'] as const

/** What every command takes that makes an analysis. */
const ANALYSIS_OPTIONS = {
  profile: choice(PROFILES, 'regular', 'how much to report; each contains the one before'),
  'min-severity': choice(SEVERITIES, 'info', 'leave out findings below this severity'),
  'min-confidence': choice(CONFIDENCES, 'low', 'leave out findings below this confidence'),
  'fail-on': choice(FAIL_ON, 'low', 'lowest severity that makes the exit code 1'),
  'as-of': { kind: 'date', help: 'judge by this date instead of today: what breaks by then' },
  online: flag('ask the code host for what the files do not say (token: GITHUB_TOKEN or GH_TOKEN)'),
  offline: flag('ask nobody (the default)'),
  config: text('FILE', 'the policy file; default .github/autodevops.yml of each repository'),
  baseline: text('FILE', 'leave out the findings that this file lists'),
  'changed-since': text('REF', 'only findings on lines changed since that commit, branch or tag (asks git)'),
  'no-ignores': flag('report what suppressions and ignored paths hide, too'),
  host: choice(['github.com', 'ghes'], 'github.com', 'what runs the workflows'),
  color: choice(COLOUR_MODES, 'auto', 'colours; auto: on a terminal, unless NO_COLOR is set'),
} as const satisfies OptionTable

/** What holds for one repository, and not for a fleet. */
const REPOSITORY_OPTIONS = {
  topic: { kind: 'list', placeholder: 'NAME', pattern: /^[a-z0-9][a-z0-9-]{0,49}$/i, wanted: 'letters, digits and hyphens, one topic each time', help: 'a topic of the repository, for golden workflows that ask for one; once for each that it has' },
} as const satisfies OptionTable

export const ANALYZE_OPTIONS = {
  format: choice(['text', 'json', 'sarif', 'github', 'markdown'], 'text', 'what to print'),
  ...REPOSITORY_OPTIONS,
  ...ANALYSIS_OPTIONS,
  'write-baseline': text('FILE', 'accept what there is: write the findings to FILE, and report none of them'),
} as const satisfies OptionTable

export const FIX_OPTIONS = {
  diff: flag('print the changes as a unified diff (the default)'),
  write: flag('change the files'),
  unsafe: flag('also apply fixes that may change what a workflow does'),
  ...REPOSITORY_OPTIONS,
  ...ANALYSIS_OPTIONS,
} as const satisfies OptionTable

export const DRIFT_OPTIONS = {
  format: choice(['text', 'json', 'markdown', 'ics'], 'text', 'what to print; ics: the calendar alone, as iCalendar'),
  golden: text('FILE', 'the workflow that the others should be like, besides those of the policy'),
  'baseline-ref': text('REF', 'what changed since that commit, branch or tag, by whom, and how long ago (asks git); default: since the accepted state'),
  accept: flag('accept the workflows of HEAD, or of --baseline-ref, as the state that later runs compare with'),
  reason: text('TEXT', 'with --accept: why that state is right'),
  ...REPOSITORY_OPTIONS,
  ...ANALYSIS_OPTIONS,
} as const satisfies OptionTable

export const FLEET_OPTIONS = {
  format: choice(['text', 'json', 'markdown', 'csv', 'html'], 'text', 'what to print; html: one page that needs nothing else'),
  title: text('TEXT', 'the heading of the report; default: Pipelines'),
  history: text('FILE', 'the json of an earlier run with the same options: what changed since, and how old findings are'),
  ...ANALYSIS_OPTIONS,
} as const satisfies OptionTable

export const RULES_OPTIONS = {
  format: choice(['text', 'json'], 'text', 'what to print'),
  color: choice(COLOUR_MODES, 'auto', 'colours; auto: on a terminal, unless NO_COLOR is set'),
} as const satisfies OptionTable

export const INIT_OPTIONS = {
  yes: flag('write without asking'),
  profile: choice(PROFILES, 'regular', 'how much to report from now on'),
  owner: text('NAME', 'who answers for what is carried over as a suppression, like @team'),
  reason: text('TEXT', 'why, where nobody said so yet; default: carried over from the tool\'s name'),
  'convert-suppressions': flag('turn comments for zizmor and poutine into ours'),
  color: choice(COLOUR_MODES, 'auto', 'colours; auto: on a terminal, unless NO_COLOR is set'),
} as const satisfies OptionTable

export const GENERATE_OPTIONS = {
  write: flag('create the files; one that exists is left alone'),
  branch: text('NAME', 'the branch whose pushes are built; default: the one that is checked out, else main'),
  format: choice(['text', 'json'], 'text', 'what to print'),
} as const satisfies OptionTable

/** What decides an analysis, shared by the commands that make one. */
export type AnalysisOptions = ValuesOf<typeof ANALYSIS_OPTIONS>
