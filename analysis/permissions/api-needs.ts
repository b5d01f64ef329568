// What calls to GitHub's API in a script need: gh, curl, and Octokit in github-script. A call that is not recognised is unknown.
import type { Word } from '../shell/commands.ts'
import type { TokenNeeds } from './needs.ts'
import { ghFlagNeeds, ghNeeds, mutationNeeds, octokitNeeds, restNeeds } from '../data/permissions.ts'
import { addNeeds, callNeeds, NO_NEEDS, unknownNeeds } from './needs.ts'

const LOCAL_GH = new Set(['config', 'completion', 'alias', 'extension', 'help', 'version', '--version', 'auth', 'status', 'search', 'browse'])
const MAX_ADDRESS = 500
const MAX_SCRIPT = 65_536
const BODY_FLAGS = new Set(['-f', '-F', '--field', '--raw-field', '--input'])
const OCTOKIT = /\b(?:github|octokit)\s*\.\s*(rest\s*\.\s*)?(\w+)(?:\s*\.\s*(\w+))?/g
const NOT_READ = /\brequire\s*\(\s*['"`][./]|\bimport\s*\(|\bexec\s*\.|\beval\s*\(|\bfetch\s*\(/

/** `gh ...`, its words without the program. */
export function ghCommandNeeds(words: readonly Word[]): TokenNeeds {
  const texts = words.map(({ text }) => text)
  const [group = ''] = texts
  if (LOCAL_GH.has(group)) return NO_NEEDS
  if (group === 'api') return ghApiNeeds(texts.slice(1))
  const needs = ghNeeds(texts)
  if (needs === undefined) return unknownNeeds(`gh ${texts.slice(0, 2).join(' ')}`)
  const flags = texts.slice(2).map((flag) => ghFlagNeeds(texts, flag.replace(/=.*$/, ''))).filter((extra) => extra !== undefined)
  return addNeeds([needs, ...flags].map(callNeeds))
}

function ghApiNeeds(words: readonly string[]): TokenNeeds {
  const path = words.find((word, index) => !word.startsWith('-') && !/^(?:-[XHfFqt]|--(?:method|header|field|raw-field|jq|template|input|hostname|cache|preview))$/.test(words[index - 1] ?? ''))
  if (path === undefined) return unknownNeeds('gh api')
  if (path === 'graphql') return graphqlNeeds(words.join('\n'))
  const at = words.findIndex((word) => word === '-X' || word === '--method')
  const inline = words.find((word) => word.startsWith('--method='))?.slice('--method='.length)
  const hasBody = words.some((word) => BODY_FLAGS.has(word.replace(/=.*$/, '')))
  const verb = (at < 0 ? undefined : words[at + 1]) ?? inline ?? (hasBody ? 'POST' : 'GET')
  return callOf(verb, path)
}

/** A mutation by its name; a query reads, and what it reads is not looked into. */
function graphqlNeeds(text: string): TokenNeeds {
  if (!/\bmutation\b/.test(text)) return unknownNeeds('a GraphQL query')
  const names = [...text.matchAll(/\b([a-z]\w+)\s*\(\s*input\s*:/g)].map((match) => match[1] ?? '')
  const needs = names.map((name) => mutationNeeds(name))
  return names.length === 0 || needs.includes(undefined) ? unknownNeeds('a GraphQL mutation') : addNeeds(needs.flatMap((need) => (need ? [callNeeds(need)] : [])))
}

function callOf(verb: string, address: string): TokenNeeds {
  const path = address
    .slice(0, MAX_ADDRESS)
    .replace(/\$\{\{\s*github\.(?:repository|event\.repository\.full_name)\s*\}\}|\$\{?GITHUB_REPOSITORY\}?/g, '{owner}/{repo}')
    .replace(/^["']?(?:https:\/\/api\.github\.com|\$\{?GITHUB_API_URL\}?|\$\{\{\s*github\.api_url\s*\}\})/, '')
    .replace(/\$\{\{.*?\}\}|\$\{\w+\}|\$\w+|\$\([^)]*\)|:\w+/g, '{}')
  const needs = restNeeds(verb.toUpperCase(), path)
  return needs === undefined ? unknownNeeds(`the call ${verb.toUpperCase()} ${path.slice(0, 60)}`) : callNeeds(needs)
}

/** `curl` with the words of its command; only calls to GitHub's API use the token. */
export function curlNeeds(words: readonly Word[]): TokenNeeds {
  const texts = words.map(({ text }) => text)
  const address = texts.find((text) => /api\.github\.com|GITHUB_API_URL|github\.api_url/.test(text))
  if (address === undefined) return texts.some((text) => /github/i.test(text)) ? unknownNeeds('curl to GitHub') : NO_NEEDS
  const at = texts.findIndex((text) => text === '-X' || text === '--request')
  const hasBody = texts.some((text) => /^(?:-d|--data)/.test(text))
  return callOf((at < 0 ? undefined : texts[at + 1]) ?? (hasBody ? 'POST' : 'GET'), address)
}

/** The script of github-script: every call of its client must be known. */
export function scriptNeeds(script: string): TokenNeeds {
  if (script.length > MAX_SCRIPT) return unknownNeeds('a very long script')
  const found: TokenNeeds[] = []
  const code = script.replace(/\$\{\{[\s\S]{0,500}?\}\}/g, '')
  for (const match of code.matchAll(OCTOKIT)) {
    const [, rest, first = '', second] = match
    if (!rest && (first === 'paginate' || first === 'event' || first === 'com' || first === 'context')) continue
    if (!rest && first === 'graphql') found.push(graphqlNeeds(code))
    else {
      const needs = second === undefined ? undefined : octokitNeeds(`${first}.${second}`)
      found.push(needs === undefined ? unknownNeeds(`github.${first}${second === undefined ? '' : `.${second}`} in a script`) : callNeeds(needs))
    }
  }
  if (NOT_READ.test(code)) found.push(unknownNeeds('code that a script loads'))
  return addNeeds(found)
}
