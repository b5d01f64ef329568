// Preloaded into a process under test: refuses every connection but those to the addresses it is told, and writes each
// refusal to a file, so that a test sees what was tried even when the program swallowed the error.
import { appendFileSync } from 'node:fs'
import net from 'node:net'
import process from 'node:process'

const allowed = new Set((process.env.TEST_ALLOWED_ADDRESSES ?? '').split(',').filter(Boolean))
const record = process.env.TEST_REFUSALS_FILE ?? ''
const connect = net.Socket.prototype.connect

net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] }
  const address = options.path ?? `${options.host ?? 'localhost'}:${options.port}`
  if (!allowed.has(address)) {
    if (record) appendFileSync(record, `${address}\n`)
    throw new Error(`the test refuses a connection to ${address}`)
  }
  return connect.apply(this, args)
}
