// JSON lines on standard output, one per event, with the correlation id. Nothing secret reaches a line: secrets are a
// type that hides itself, and the names under which clear ones could travel are redacted at any usual depth.
import { pino, type DestinationStream, type Logger as PinoLogger, type LoggerOptions as LoggerOptionsOfPino } from 'pino'

export type Logger = PinoLogger

const SENSITIVE = ['authorization', 'Authorization', 'cookie', 'set-cookie', 'token', 'apiKey', 'secret', 'password', 'privateKey', 'body']

/** Whatever looks like a credential inside a text: our keys and calendar feeds, GitHub's tokens, JWTs, bearer headers, passwords in URIs. */
const CREDENTIALS = /ad[kf]_\w+|gh[a-z]_\w{16,}|github_pat_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=bearer\s+)[^\s"\\,]+|(?<=:\/\/[^\s"/:@]*:)[^\s"/@]+(?=@)/gi

export const withoutCredentials = (text: string): string => text.replace(CREDENTIALS, '[redacted]')

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Standard output when it is left out. */
  readonly destination?: DestinationStream
  /** Hears of every line of the level `error`, with what it is about. */
  readonly onError?: (error: unknown, message: string) => void
}

export function createLogger({ level, destination, onError }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SENSITIVE.flatMap((name) => ['', '*.', '*.*.', '*.headers.'].map((prefix) => quoted(prefix, name))), censor: '[redacted]' },
    hooks: { streamWrite: withoutCredentials, ...(onError === undefined ? {} : { logMethod: tellOfErrors(onError) }) },
    serializers: { err: describeError },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Pino's number of the level. */
const ERROR = 50

type LogMethod = NonNullable<NonNullable<LoggerOptionsOfPino['hooks']>['logMethod']>

function tellOfErrors(onError: (error: unknown, message: string) => void): LogMethod {
  return function logAndTell(args, method, level) {
    const [fields, message] = args as [unknown, unknown?]
    if (level >= ERROR) onError(typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : undefined, String(message ?? fields))
    method.apply(this, args)
  }
}

/** Only the words and the place: other fields of an error may carry the whole request that failed, with its headers. */
function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return { message: String(thrown) }
  const { name, message, stack, cause } = thrown
  const code: unknown = 'code' in thrown ? thrown.code : undefined
  return { name, message, stack, ...(code === undefined ? {} : { code }), ...(cause === undefined ? {} : { cause: describeError(cause) }) }
}

const quoted = (prefix: string, name: string): string =>
  name.includes('-') ? `${prefix.replace(/\.$/, '')}["${name}"]` : `${prefix}${name}`
