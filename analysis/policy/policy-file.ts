// Reads a policy file over a base policy. What the schema refuses is left out here and reported as a finding in the file itself,
// which the caller hands to the engine with the others: so nothing is switched off by a mistake, and none is silent.
import type { SourceFile } from '../analyse.ts'
import type { Severity } from '../finding.ts'
import type { MappingNode, ScalarNode } from '../source/node.ts'
import { PROPOSALS, type Policy, type PolicySuppression, type PullRequestBudget } from './policy.ts'
import { PROFILES, SEVERITIES } from '../finding.ts'
import { parse } from '../source/parse.ts'
import { DAMAGING } from '../syntax/schema-problems.ts'
import { readGolden } from './golden-section.ts'
import { asMapping, asScalar, asSequence, lookup, scalarsOf } from '../workflow/nodes.ts'

type RuleSetting = Policy['rules'][string]

/** A file that is no YAML, or cannot be read, changes nothing: what could be saved of it may be the looser half. */
export function readPolicyFile(file: SourceFile, base: Policy): Policy {
  const named: Policy = { ...base, source: file.path }
  if (!('text' in file)) return named
  const tree = parse(file.text)
  const root = asMapping(tree.root)
  if (root === null || tree.problems.some(({ code }) => DAMAGING.has(code))) return named
  const profile = PROFILES.find((each) => each === asScalar(lookup(root, 'profile'))?.text)
  return {
    ...named,
    profile: profile ?? base.profile,
    rules: { ...base.rules, ...readRules(asMapping(lookup(root, 'rules'))) },
    trustedOwners: textsIn(root, 'trusted-owners') ?? base.trustedOwners,
    allowedUses: textsIn(root, 'allow-uses') ?? base.allowedUses,
    deniedUses: textsIn(root, 'deny-uses') ?? base.deniedUses,
    cooldownDays: wholeNumber(root, 'cooldown-days') ?? base.cooldownDays,
    runnerLabels: textsIn(root, 'runner-labels') ?? base.runnerLabels,
    allowedRunners: textsIn(root, 'allow-runners') ?? base.allowedRunners,
    runnerReplacements: textMapIn(root, 'replace-runners') ?? base.runnerReplacements,
    sharedSecrets: textsIn(root, 'shared-secrets')?.map((name) => name.toUpperCase()) ?? base.sharedSecrets,
    acceptedAdvisories: advisoriesIn(root) ?? base.acceptedAdvisories,
    branchReleases: textsIn(root, 'branch-releases')?.map((name) => name.toLowerCase()) ?? base.branchReleases,
    requireFullHashes: yesOrNo(root, 'require-full-hashes') ?? base.requireFullHashes,
    golden: readGolden(asMapping(lookup(root, 'golden')), base.golden),
    pullRequests: readBudget(asMapping(lookup(root, 'pull-requests')), base.pullRequests),
    allowsAi: onOrOff(root, 'ai') ?? base.allowsAi,
    updateBot: asScalar(lookup(root, 'update-bot'))?.text || base.updateBot,
    pipelineOwners: textsIn(root, 'pipeline-owners') ?? base.pipelineOwners,
    ignoredPaths: textsIn(root, 'ignore-paths') ?? base.ignoredPaths,
    suppressions: [...base.suppressions, ...policySuppressions(root).map(({ suppression }) => suppression)],
  }
}

function readRules(map: MappingNode | null): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {}
  for (const { key, value } of map?.pairs ?? []) {
    const text = asScalar(value)?.text
    const severity = SEVERITIES.find((each): each is Severity => each === text)
    if (text === 'off') settings[key.text] = { enabled: false }
    else if (severity !== undefined) settings[key.text] = { enabled: true, severity }
  }
  return settings
}

/** An entry with the nodes that its problems are reported on. */
export interface PlacedSuppression {
  readonly suppression: PolicySuppression
  readonly node: MappingNode
  readonly rules: readonly ScalarNode[]
  readonly until: ScalarNode | null
}

/** The entries under `suppressions`, incomplete ones too: those silence nothing. */
export function policySuppressions(root: MappingNode | null): readonly PlacedSuppression[] {
  return (asSequence(lookup(root, 'suppressions'))?.items ?? []).flatMap((item): PlacedSuppression[] => {
    const node = asMapping(item)
    if (node === null) return []
    const rules = scalarsOf(lookup(node, 'rule'))
    const line = asScalar(lookup(node, 'line'))
    const until = lookup(node, 'until')
    // A line or a date that is none must not widen the entry: no finding stands on line 0, no day comes before ''.
    const suppression: PolicySuppression = {
      rules: rules.map(({ text }) => text),
      paths: scalarsOf(lookup(node, 'path')).map(({ text }) => text),
      line: lookup(node, 'line') === null ? null : typeof line?.value === 'number' ? line.value : 0,
      by: asScalar(lookup(node, 'by'))?.text || null,
      reason: asScalar(lookup(node, 'reason'))?.text || null,
      until: until === null ? null : (asScalar(until)?.text ?? ''),
    }
    return [{ suppression, node, rules, until: asScalar(until) }]
  })
}

/** Null when the key is absent or no list, so that the base holds. */
function textsIn(root: MappingNode, key: string): readonly string[] | null {
  const items = asSequence(lookup(root, key))
  return items === null ? null : scalarsOf(items).flatMap(({ text }) => (text === '' ? [] : [text]))
}

/** Null when the key is absent or no map. */
function textMapIn(root: MappingNode, key: string): Readonly<Record<string, string>> | null {
  const map = asMapping(lookup(root, key))
  if (map === null) return null
  return Object.fromEntries(map.pairs.flatMap(({ key: name, value }) => {
    const text = asScalar(value)?.text ?? ''
    return text === '' ? [] : [[name.text, text]]
  }))
}

function advisoriesIn(root: MappingNode): Readonly<Record<string, string>> | null {
  const map = textMapIn(root, 'accept-advisories')
  return map === null ? null : Object.fromEntries(Object.entries(map).map(([id, reason]) => [id.toUpperCase(), reason]))
}

/** Null when the key is absent or neither true nor false. */
function yesOrNo(root: MappingNode, key: string): boolean | null {
  const value = asScalar(lookup(root, key))?.value
  return typeof value === 'boolean' ? value : null
}

/** Null when the key is absent or neither on nor off. */
function onOrOff(root: MappingNode, key: string): boolean | null {
  const text = asScalar(lookup(root, key))?.text
  return text === 'on' || text === 'off' ? text === 'on' : null
}

function readBudget(section: MappingNode | null, base: PullRequestBudget): PullRequestBudget {
  const proposes = asScalar(lookup(section, 'propose'))?.text
  return {
    proposes: PROPOSALS.find((each) => each === proposes) ?? base.proposes,
    maxOpen: wholeNumber(section, 'max-open') ?? base.maxOpen,
    maxPerDay: wholeNumber(section, 'max-per-day') ?? base.maxPerDay,
  }
}

/** Null when the key is absent or no whole number from 0 on. */
function wholeNumber(root: MappingNode | null, key: string): number | null {
  const value = asScalar(lookup(root, key))?.value
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
}
