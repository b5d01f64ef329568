// What people write under a fix pull request to have it taken in hand: `/autodevops rebase`, `close`, `snooze 30d`.

export type FixCommand = { readonly name: 'rebase' } | { readonly name: 'close' } | { readonly name: 'snooze'; readonly days: number }

const LINE = /^\/autodevops[ \t]+(\w+)(?:[ \t]+(\d{1,3})d?)?[ \t]*\r?$/m
const MOST_SNOOZE_DAYS = 365

/** The first line of the comment that is a command; null when none is, or it names no known one. */
export function readFixCommand(comment: string): FixCommand | null {
  const [, name, count] = LINE.exec(comment) ?? []
  if (name === 'snooze') {
    const days = Number(count ?? '0')
    return days >= 1 && days <= MOST_SNOOZE_DAYS ? { name, days } : null
  }
  return (name === 'rebase' || name === 'close') && count === undefined ? { name } : null
}
