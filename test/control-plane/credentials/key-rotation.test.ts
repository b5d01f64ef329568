// The operator's rotation over ten thousand tokens, as a process that is killed half-way and started again.
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCipher } from '../../../control-plane/credentials/cipher.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import { runProgram } from '../../service/program.ts'
import { encryptionKey } from '../platform-fixture.ts'

interface Stored { readonly _id: string; readonly tenantId: string; readonly purpose: string; readonly ciphertext: string }

const TOKENS = 10_000
const HALF = TOKENS / 2
const PURPOSE = 'github-token'
const [OLD, NEW] = [encryptionKey('old'), encryptionKey('new')]
const tenantOf = (n: number) => `${String(n).padStart(6, '0')}@issuer.test`

let database: TestDatabase
let environment: Record<string, string>
const credentials = () => database.db.collection<Stored>('credentials')
const underNew = () => credentials().countDocuments({ ciphertext: { $gte: 'v1.new.', $lt: 'v1.new/' } })

beforeAll(async () => {
  database = await openTestDatabase()
  environment = { MONGODB_URI: database.uri, MONGODB_DATABASE: database.name, ENCRYPTION_KEYS: [NEW, OLD].map(({ id, secret }) => `${id}:${secret.reveal()}`).join(',') }
  const cipher = createCipher([OLD])
  const documents = Array.from({ length: TOKENS }, (_, n): Stored => {
    const tenantId = tenantOf(n)
    return { _id: `${tenantId}/${PURPOSE}`, tenantId, purpose: PURPOSE, ciphertext: cipher.encrypt(new Secret(`token-${n}`), { tenantId, purpose: PURPOSE }) }
  })
  for (let n = 0; n < TOKENS; n += 1_000) await credentials().insertMany(documents.slice(n, n + 1_000))
}, 120_000)
afterAll(() => database.close())

/** Kills the rotation as soon as it says that it has come half-way. */
async function rotateHalf(): Promise<string> {
  const child = spawn(process.execPath, ['build/admin.js', 'rotate-keys'], { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
    if (Number(/(\d+) rotated[^]*$/.exec(said.trimEnd().split('\n').at(-1) ?? '')?.[1]) >= HALF) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  return said
}

test('a rotation of 10,000 tokens, killed half-way and started again, leaves all readable and none under the old key', async () => {
  expect(await rotateHalf()).toContain(`${HALF} rotated, 0 current already`)
  const half = await underNew()
  expect([half >= HALF, half < TOKENS]).toEqual([true, true])
  const { code, stdout, stderr } = await runProgram('admin', ['rotate-keys', '--json'], { environment })
  expect([code, JSON.parse(stdout)]).toEqual([0, { rotated: TOKENS - half, alreadyCurrent: half, damaged: 0 }])
  expect(stderr).toContain(`${TOKENS - half} rotated, ${half} current already`)
  expect(await underNew()).toBe(TOKENS)
  const cipher = createCipher([NEW])
  const found = await credentials().find().toArray()
  const readable = found.filter(({ _id, tenantId, ciphertext }) => cipher.decrypt(ciphertext, { tenantId, purpose: PURPOSE }).reveal() === `token-${Number(_id.slice(0, 6))}`)
  expect(readable.length).toBe(TOKENS)
}, 120_000)
