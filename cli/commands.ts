// The commands: what each is for, its options, and where its code lies. The code is loaded when the command runs.
import type { ExitCode } from './exit-code.ts'
import type { OptionTable } from './options.ts'
import type { World } from './world.ts'
import { ANALYZE_OPTIONS, DRIFT_OPTIONS, FIX_OPTIONS, FLEET_OPTIONS, GENERATE_OPTIONS, INIT_OPTIONS, RULES_OPTIONS } from './options.ts'

export interface Command {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** Sentences of the help page, between usage and options. */
  readonly about: readonly string[]
  readonly options: OptionTable
  run(world: World, args: readonly string[]): Promise<ExitCode>
}

const ABOUT_PATHS =
  'PATH is a folder, whose CI files are found (from the git index where there is one), or a file in any folder. Default: the current folder.'

export const COMMANDS: readonly Command[] = [
  {
    name: 'analyze',
    usage: 'analyze [PATH...]',
    summary: 'report the drift of a repository\'s pipelines',
    about: [ABOUT_PATHS],
    options: ANALYZE_OPTIONS,
    run: async (world, args) => (await import('./analyze.ts')).analyze(world, args),
  },
  {
    name: 'fix',
    usage: 'fix [PATH...]',
    summary: 'print or apply the repairs, each verified before it is shown',
    about: [ABOUT_PATHS, 'The exit code is judged by the files as they are when the command ends.'],
    options: FIX_OPTIONS,
    run: async (world, args) => (await import('./fix.ts')).fix(world, args),
  },
  {
    name: 'drift',
    usage: 'drift [PATH...]',
    summary: 'report what moved away from golden workflows, an earlier state, or the calendar',
    about: [ABOUT_PATHS, 'Golden workflows come from the policy file and --golden; workflows are compared by what they do, never by how they are written.'],
    options: DRIFT_OPTIONS,
    run: async (world, args) => (await import('./drift.ts')).drift(world, args),
  },
  {
    name: 'fleet',
    usage: 'fleet [FOLDER...]',
    summary: 'how the pipelines of many repositories stand: scores, what breaks when, what came apart',
    about: ['FOLDER is a repository, or a folder that holds several: each is analysed by its own policy file. Default: the current folder.'],
    options: FLEET_OPTIONS,
    run: async (world, args) => (await import('./fleet.ts')).fleet(world, args),
  },
  {
    name: 'init',
    usage: 'init [FOLDER]',
    summary: 'a first report, a baseline, a policy file and a workflow, in one go',
    about: [
      'Shows what it would write and asks; nothing that exists is overwritten. Without a terminal it needs --yes.',
      'Settings of zizmor and actionlint become part of the policy file; what could not be carried over is named.',
    ],
    options: INIT_OPTIONS,
    run: async (world, args) => (await import('./init.ts')).init(world, args),
  },
  {
    name: 'generate',
    usage: 'generate [FOLDER]',
    summary: 'CI for what the repository is made of: a job for each project that it finds',
    about: [
      'Prints a workflow, and a dependabot.yml where there is no update bot; --write creates them. Nothing that exists is overwritten.',
      'Projects are told by their manifests and lock files; of what no job was made is said, with the reason.',
    ],
    options: GENERATE_OPTIONS,
    run: async (world, args) => (await import('./generate.ts')).generate(world, args),
  },
  {
    name: 'rules',
    usage: 'rules [ID]',
    summary: 'list the rules, or explain one',
    about: [],
    options: RULES_OPTIONS,
    run: async (world, args) => (await import('./rules.ts')).listRules(world, args),
  },
]
