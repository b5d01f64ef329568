// Progress of the demo: numbered stages, each with what came of it, on standard error; what there is to read goes to standard output.
import process from 'node:process'

export interface Stages {
  /** Runs one stage; its text result is printed behind the title. A stage that fails ends the demo. */
  run<T>(title: string, work: () => Promise<T>, outcome: (value: T) => string): Promise<T>
}

export function createStages(total: number): Stages {
  let number = 0
  return {
    async run(title, work, outcome) {
      number++
      const label = `[${number}/${total}] ${title}`
      process.stderr.write(`${label} ...`)
      const started = performance.now()
      try {
        const value = await work()
        process.stderr.write(` ${outcome(value)} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`)
        return value
      } catch (error) {
        process.stderr.write(' failed\n')
        throw new Error(`stage ${number} of ${total} (${title}) failed`, { cause: error })
      }
    },
  }
}
