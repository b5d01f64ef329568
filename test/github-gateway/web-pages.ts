// What a person sees who opens a pull request's link: a page with its text and its diff, or the bare diff.
// Leaves out everything else that GitHub's pages show, and any login.
import { jsonAnswer, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import type { PullRequest } from './pull-requests.ts'
import type { KnownRepository } from './seeding.ts'

const PULL_PAGE = /^(?:\/web)?\/([^/]+\/[^/]+)\/pull\/(\d+)(\.diff)?$/

export async function answerWebPage(request: GatewayRequest, find: (fullName: string) => KnownRepository | null): Promise<GatewayAnswer | null> {
  const [, fullName = '', number = '', plain] = PULL_PAGE.exec(request.path) ?? []
  const known = request.method === 'GET' ? find(fullName) : null
  const pull = (await known?.pulls.all())?.find((each) => String(each.number) === number)
  if (!known || !pull) return null
  const diff = await known.pulls.diff(pull.number)
  if (plain) return text('text/plain', diff)
  return text('text/html', page(known.repository.fullName, { pull, diff }))
}

function page(fullName: string, { pull, diff }: { pull: PullRequest; diff: string }): string {
  const state = pull.merged ? 'merged' : pull.state
  const title = `${escape(pull.title)} · ${escape(fullName)}#${pull.number}`
  return [
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>`,
    `<h1>${escape(pull.title)} #${pull.number}</h1>`,
    `<p>${state}: ${escape(pull.user.login)} wants to merge <code>${escape(pull.head.ref)}</code> into <code>${escape(pull.base.ref)}</code></p>`,
    `<pre>${escape(pull.body ?? '')}</pre>`,
    `<pre>${escape(diff)}</pre>`,
    '</body></html>\n',
  ].join('\n')
}

function text(type: 'text/html' | 'text/plain', body: string): GatewayAnswer {
  return { ...jsonAnswer(200, null, { 'content-type': `${type}; charset=utf-8` }), body: Buffer.from(body) }
}

function escape(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
