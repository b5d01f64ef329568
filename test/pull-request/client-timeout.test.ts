import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGithubClient } from '../../pull-request/client.ts'
import { collectGarbage } from '../runner/collect-garbage.ts'

test('a request that is never answered ends at its time limit, whatever is collected meanwhile', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const settings = { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, userAgent: 'test', requestTimeoutMs: 1_000, pace: false }
  const asked = createGithubClient(settings, { token: 't', paceId: 'client-timeout', signal: new AbortController().signal }).request('GET /').catch((error: unknown) => error)
  await once(server, 'request')
  collectGarbage()
  await turn()
  collectGarbage()
  expect(await asked).toMatchObject({ status: 500 })
  server.closeAllConnections()
  server.close()
})
