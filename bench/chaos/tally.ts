// What happened, counted by section and name, and what should not have happened, in sentences.

export interface Tally {
  add(section: string, name: string, count?: number): void
  wrong(sentence: string): void
  readonly faults: readonly string[]
  /** A table; sections and names in the order in which they were first counted. */
  print(): string
}

const MOST_SENTENCES = 40

export function createTally(sections: readonly string[]): Tally {
  const counts = new Map<string, Map<string, number>>(sections.map((section) => [section, new Map()]))
  const faults = new Set<string>()
  return {
    add: (section, name, count = 1) => {
      const rows = counts.get(section) ?? new Map<string, number>()
      counts.set(section, rows.set(name, (rows.get(name) ?? 0) + count))
    },
    wrong: (sentence) => { faults.add(sentence) },
    get faults() {
      return [...faults]
    },
    print: () => {
      const rows = [...counts].flatMap(([section, names]) => [...names].map(([name, count], index) => ({ section: index === 0 ? section : '', name, count: String(count) })))
      const [first, second, third] = [widest(rows.map(({ section }) => section)), widest(rows.map(({ name }) => name)), widest(rows.map(({ count }) => count))]
      const table = rows.map(({ section, name, count }) => `${section.padEnd(first)}  ${name.padEnd(second)}  ${count.padStart(third)}`)
      const said = [...faults].slice(0, MOST_SENTENCES).map((sentence) => `  - ${sentence}`)
      const rest = faults.size > said.length ? [`  and ${faults.size - said.length} more`] : []
      return [...table, '', ...(faults.size === 0 ? ['nothing was lost, nothing came twice'] : ['WRONG:', ...said, ...rest])].join('\n')
    },
  }
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length))
