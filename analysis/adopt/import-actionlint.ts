// actionlint's settings file as policy: the labels of own runners, and files of which everything is ignored. Patterns over its
// messages cannot be carried over, because our messages are others.
import type { Pair } from '../source/node.ts'
import type { CarriedOver, CarriedSuppression } from './carried-over.ts'
import { rules } from '../rules/index.ts'
import { createLineIndex } from '../source/line-index.ts'
import { parse } from '../source/parse.ts'
import { asMapping, asScalar, isNull, lookup, scalarsOf } from '../workflow/nodes.ts'
import { NOTHING_CARRIED } from './carried-over.ts'

const EVERYTHING = /^\^?(?:\.[*+])?\$?$/
/** Checks that need programs which we do not start. */
const ELSEWHERE = /^\^?(shellcheck|pyflakes) /i

/** `path` is only named in what it says. */
export function importActionlint(path: string, text: string): CarriedOver {
  const tree = parse(text)
  const lines = createLineIndex(text)
  const root = asMapping(tree.root)
  if (root === null || tree.problems.some(({ code }) => code !== 'empty')) return { ...NOTHING_CARRIED, notCarried: [`${path}: it is no YAML that can be read`] }
  const notCarried: string[] = []
  const suppressions: CarriedSuppression[] = []
  const leave = ({ start }: { readonly start: number }, what: string): void => { notCarried.push(`${path}:${lines.lineOf(start)}: ${what}`) }
  const readPath = ({ key, value }: Pair): void => {
    for (const pattern of scalarsOf(lookup(asMapping(value), 'ignore'))) {
      if (EVERYTHING.test(pattern.text)) suppressions.push({ rules: ids(), path: key.text, line: null })
      else if (ELSEWHERE.test(pattern.text)) leave(pattern, `'${shorten(pattern.text)}' is about a program that is not started here`)
      else leave(pattern, `'${shorten(pattern.text)}' is about actionlint's messages; suppress the rule in ${key.text} instead`)
    }
  }
  for (const { key, value } of root.pairs) {
    if (key.text === 'paths') for (const pair of asMapping(value)?.pairs ?? []) readPath(pair)
    else if (key.text !== 'self-hosted-runner' && !isNull(value)) leave(key, `'${key.text}' has no counterpart`)
  }
  const runnerLabels = scalarsOf(lookup(asMapping(lookup(root, 'self-hosted-runner')), 'labels')).map((label) => asScalar(label)?.text ?? '')
  return { ...NOTHING_CARRIED, runnerLabels: runnerLabels.filter((label) => label !== ''), suppressions, notCarried }
}

const ids = (): readonly string[] => rules.filter(({ meta }) => meta.equivalents.actionlint !== undefined).map(({ meta }) => meta.id)

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text)
