// An export request of OTLP (opentelemetry/proto/collector/trace/v1) as plain values.
import { readFields, type Field } from './wire-format.ts'

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first of a trace. */
  readonly parentId: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'consumer'
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[]
  readonly failed: boolean
  /** Of the process that sent it. */
  readonly resource: Readonly<Record<string, unknown>>
}

const KINDS = ['internal', 'internal', 'server', 'client', 'internal', 'consumer'] as const
const ERROR = 2n

export function readSpans(request: Uint8Array): ReceivedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? new Uint8Array(), 1)
    return messages(resourceSpans, 2).flatMap((scopeSpans) => messages(scopeSpans, 2).map((span) => readSpan(span, resource)))
  })
}

function readSpan(span: Uint8Array, resource: ReceivedSpan['resource']): ReceivedSpan {
  const fields = readFields(span)
  const hex = (number: number): string => Buffer.from(last(fields, number)?.bytes ?? []).toString('hex')
  const status = messages(span, 15)[0]
  return {
    traceId: hex(1), spanId: hex(2), parentId: hex(4), name: text(fields, 5), kind: KINDS[Number(last(fields, 6)?.value ?? 0n)] ?? 'internal', resource,
    attributes: attributesOf(span, 9),
    events: messages(span, 11).map((event) => ({ name: text(readFields(event), 2), attributes: attributesOf(event, 3) })),
    failed: status !== undefined && last(readFields(status), 3)?.value === ERROR,
  }
}

function attributesOf(message: Uint8Array, number: number): Record<string, unknown> {
  return Object.fromEntries(messages(message, number).map((pair) => [text(readFields(pair), 1), valueOf(messages(pair, 2)[0] ?? new Uint8Array())]))
}

function valueOf(value: Uint8Array): unknown {
  const [field] = readFields(value)
  if (field?.number === 1) return Buffer.from(field.bytes).toString('utf8')
  if (field?.number === 3) return Number(field.value)
  throw new Error(`an attribute has the unexpected type ${field?.number ?? 'none'}`)
}

const last = (fields: readonly Field[], number: number): Field | undefined => fields.findLast((field) => field.number === number)
const text = (fields: readonly Field[], number: number): string => Buffer.from(last(fields, number)?.bytes ?? []).toString('utf8')
const messages = (message: Uint8Array, number: number): Uint8Array[] => readFields(message).filter((field) => field.number === number).map(({ bytes }) => bytes)
