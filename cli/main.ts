// Finds the command and turns whatever happens into an exit code: a wrong usage is 2, a failure of ours is 3.
import type { ExitCode } from './exit-code.ts'
import type { World } from './world.ts'
import { VERSION } from '../analysis/version.ts'
import { COMMANDS } from './commands.ts'
import { UsageError, unknownValue } from './usage-error.ts'

/** Never rejects. */
export async function main(world: World): Promise<ExitCode> {
  try {
    return await dispatch(world)
  } catch (error) {
    const isUsage = error instanceof UsageError
    const message = error instanceof Error ? error.message : String(error)
    world.stderr.write(isUsage ? `autodevops: ${message}\nSee autodevops --help\n` : `autodevops: failed: ${message}\nThis is a defect of autodevops ${VERSION}.\n`)
    return isUsage ? 2 : 3
  }
}

async function dispatch(world: World): Promise<ExitCode> {
  const [name, ...args] = world.argv
  if (name === '--version') return say(world, `${VERSION}\n`)
  if (name === '--help' || name === 'help') return say(world, (await import('./help.ts')).overview())
  if (name === undefined) throw new UsageError(`no command. Allowed: ${COMMANDS.map((each) => each.name).join(', ')}`)
  const command = COMMANDS.find((each) => each.name === name)
  if (command === undefined) throw unknownValue('command', name, COMMANDS.map((each) => each.name))
  if (asksForHelp(args)) return say(world, (await import('./help.ts')).commandHelp(command))
  return command.run(world, args)
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--help')
}

function say(world: World, text: string): ExitCode {
  world.stdout.write(text)
  return 0
}
