// A collector that takes OTLP over HTTP and keeps what came: the spans, the headers, and every byte for looking after canaries.
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readSpans, type ReceivedSpan } from './read-spans.ts'

export interface Collector {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT would be. */
  readonly endpoint: string
  readonly spans: ReceivedSpan[]
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[]
  /** `hang`: takes the request and never answers. */
  mode: 'take' | 'refuse' | 'hang'
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      collector.requests.push({ url: incoming.url ?? '', headers: incoming.headers, body })
      if (collector.mode === 'hang') return
      if (collector.mode === 'refuse') {
        response.writeHead(400).end()
        return
      }
      collector.spans.push(...readSpans(body))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const collector: Collector = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans: [], requests: [], mode: 'take',
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
  return collector
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
