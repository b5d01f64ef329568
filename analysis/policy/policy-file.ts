// Reads a repository's policy file (.github/autodevops.yml) over a base policy. Every problem carries its place; a file with a
// problem gives no policy at all, because half a policy would silently check less than was asked for.
import { PROFILES, SEVERITIES, type Position, type Severity } from '../finding.ts'
import type { MappingNode, Pair, YamlNode } from '../source/node.ts'
import { createLineIndex } from '../source/line-index.ts'
import { parse } from '../source/parse.ts'
import { asMapping, asScalar, asSequence } from '../workflow/nodes.ts'
import type { Policy } from './policy.ts'

export interface PolicyProblem extends Position {
  readonly message: string
}

export type PolicyFile = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] }

type RuleSetting = Policy['rules'][string]
type Complain = (node: { readonly start: number }, message: string) => void

const KEYS = ['profile', 'rules', 'trusted-owners']

/** `isRule` says whether an id is one of ours (a misspelt rule would otherwise never be noticed). */
export function readPolicyFile(text: string, base: Policy, isRule: (id: string) => boolean): PolicyFile {
  const tree = parse(text)
  const lines = createLineIndex(text)
  const problems: PolicyProblem[] = []
  const complain: Complain = ({ start }, message) => { problems.push({ ...lines.positionAt(start), message }) }
  for (const problem of tree.problems) if (problem.code !== 'empty') complain(problem, problem.message)
  const policy = problems.length === 0 && tree.root !== null ? readRoot(tree.root, { base, isRule, complain }) : base
  return problems.length === 0 ? { policy } : { problems }
}

interface Reading {
  readonly base: Policy
  readonly isRule: (id: string) => boolean
  readonly complain: Complain
}

function readRoot(root: YamlNode, { base, isRule, complain }: Reading): Policy {
  const mapping = asMapping(root)
  if (mapping === null) {
    complain(root, `a policy file is a mapping with ${KEYS.join(', ')}`)
    return base
  }
  let policy = base
  for (const pair of mapping.pairs) {
    switch (pair.key.text) {
      case 'profile':
        policy = { ...policy, profile: oneOf(pair, PROFILES, complain) ?? policy.profile }
        break
      case 'rules':
        policy = { ...policy, rules: { ...policy.rules, ...readRules(pair, isRule, complain) } }
        break
      case 'trusted-owners':
        policy = { ...policy, trustedOwners: readTexts(pair, complain) }
        break
      default:
        complain(pair.key, `unknown key '${pair.key.text}'; a policy file has ${KEYS.join(', ')}`)
    }
  }
  return policy
}

function readRules(pair: Pair, isRule: (id: string) => boolean, complain: Complain): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {}
  for (const { key, value } of mappingOf(pair, complain)?.pairs ?? []) {
    const text = asScalar(value)?.text
    const severity = SEVERITIES.find((each): each is Severity => each === text)
    if (!isRule(key.text)) complain(key, `unknown rule '${key.text}'; 'autodevops rules' lists them`)
    else if (text === 'off') settings[key.text] = { enabled: false }
    else if (severity !== undefined) settings[key.text] = { enabled: true, severity }
    else complain(value, `a rule is set to off, ${SEVERITIES.join(', ')}${text === undefined ? '' : `, not '${text}'`}`)
  }
  return settings
}

function mappingOf(pair: Pair, complain: Complain): MappingNode | null {
  const mapping = asMapping(pair.value)
  if (mapping === null) complain(pair.value, `'${pair.key.text}' is a mapping of rule ids`)
  return mapping
}

function readTexts(pair: Pair, complain: Complain): string[] {
  const items = asSequence(pair.value)?.items
  if (!items) complain(pair.value, `'${pair.key.text}' is a list of names`)
  return (items ?? []).flatMap((item) => {
    const text = asScalar(item)?.text
    if (!text) complain(item, `'${pair.key.text}' is a list of names`)
    return text ? [text] : []
  })
}

function oneOf<T extends string>(pair: Pair, allowed: readonly T[], complain: Complain): T | undefined {
  const text = asScalar(pair.value)?.text
  const found = allowed.find((each) => each === text)
  if (found === undefined) complain(pair.value, `'${pair.key.text}' is ${allowed.join(', ')}${text === undefined ? '' : `, not '${text}'`}`)
  return found
}
