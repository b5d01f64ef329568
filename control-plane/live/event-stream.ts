// One stream of server-sent events: writes events and signs of life, and ends a reader that does not keep up; it comes back with
// the id of the last event that it has.
import { Readable } from 'node:stream'

export interface ServerEvent {
  /** Left out for what a reader need not resume from. */
  readonly id?: string
  readonly event: string
  readonly data: unknown
}

export interface EventStream {
  readonly body: Readable
  send(event: ServerEvent): void
  /** Ends after what was sent. */
  end(): void
}

const ALIVE_MS = 15_000
/** Clients wait this long before they come back. */
const RETRY_MS = 2_000
/** What may wait for a slow reader. */
const MOST_WAITING_BYTES = 1_000_000

/** `onClose` is called once, however it ends. */
export function createEventStream(onClose: () => void): EventStream {
  const body = new Readable({ read: () => undefined })
  const write = (text: string): void => {
    if (body.destroyed || body.readableEnded) return
    if (body.readableLength > MOST_WAITING_BYTES) body.destroy()
    else body.push(text)
  }
  const alive = setInterval(() => { write(': alive\n\n') }, ALIVE_MS)
  body.once('close', () => {
    clearInterval(alive)
    onClose()
  })
  write(`retry: ${RETRY_MS}\n\n`)
  return {
    body,
    // JSON has no line break outside of its strings, where it is escaped.
    send: ({ id, event, data }) => { write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`) },
    end: () => { if (!body.destroyed) body.push(null) },
  }
}
