import { expect, test } from 'vitest'
import { readFixCommand } from '../../pull-request/fix-pull-request-command.ts'

test.each([
  ['/autodevops rebase', { name: 'rebase' }],
  ['/autodevops close', { name: 'close' }],
  ['Not this month.\r\n/autodevops   snooze 30d\r\nThanks!', { name: 'snooze', days: 30 }],
  ['/autodevops snooze 365', { name: 'snooze', days: 365 }],
])('%j is a command', (comment, expected) => {
  expect(readFixCommand(comment)).toEqual(expected)
})

test.each(['', 'autodevops close', '> /autodevops close', ' /autodevops close', '/autodevops', '/autodevops merge', '/autodevops close now', '/autodevops close 3d', '/autodevops snooze', '/autodevops snooze 0d', '/autodevops snooze 366d', '/autodevops snooze -1d', '/autodevops snooze 9999d', '/autodevopsclose', 'please /autodevops close'])('%j is none', (comment) => {
  expect(readFixCommand(comment)).toBeNull()
})
