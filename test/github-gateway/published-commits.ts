// A repository that stands for a real one has the real one's commits, which the emulator cannot make: it computes its own from what
// they hold. They are exchanged in what is asked and in what is answered.
import type { GatewayAnswer, GatewayRequest } from './gateway-request.ts'

export function withOwnCommits(request: GatewayRequest, published: ReadonlyMap<string, string>): GatewayRequest {
  let [path, rest, query] = [request.path, request.rest, request.query.toString()]
  for (const [own, told] of published) [path, rest, query] = [path.replaceAll(told, own), rest.replaceAll(told, own), query.replaceAll(told, own)]
  return { ...request, path, rest, query: new URLSearchParams(query) }
}

export function withPublishedCommits(answer: GatewayAnswer, published: ReadonlyMap<string, string>): GatewayAnswer {
  if (published.size === 0) return answer
  let text = answer.body.toString('utf8')
  for (const [own, told] of published) text = text.replaceAll(own, told)
  return { ...answer, body: Buffer.from(text) }
}
