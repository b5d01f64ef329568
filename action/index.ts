// What the runner starts: the real world, handed to run().
import * as fs from 'node:fs'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import * as core from '@actions/core'
import { context } from '@actions/github'
import { VERSION } from '../analysis/version.ts'
import { run } from './main.ts'
import type { EventPayload } from './run-context.ts'

await run({
  core,
  env: process.env,
  payload: context.payload as EventPayload,
  cwd: process.cwd(),
  fs,
  fetch,
  paceCodeHost: true,
  now: () => new Date(),
  sleep: async (ms) => { await sleep(ms) },
  write: (text) => { process.stdout.write(text) },
  version: VERSION,
})
