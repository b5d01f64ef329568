// The states of a fix pull request as people see them: `snoozed` is one that is not opened before its day.

export const SHOWN_STATES = ['waiting', 'opening', 'open', 'snoozed', 'closed', 'merged'] as const
export type ShownState = (typeof SHOWN_STATES)[number]
