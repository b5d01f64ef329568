// Refuses requests while this process is so busy that they would only wait: health and metrics are outside the scope and answer on.
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'

const RETRY_AFTER_SECONDS = 5

/** `maxDelayMs`: the mean delay of the event loop, over a second, from which on the scope answers 503. */
export async function refuseUnderPressure(scope: FastifyInstance, maxDelayMs: number): Promise<void> {
  await scope.register(underPressure, {
    maxEventLoopDelay: maxDelayMs,
    pressureHandler: (_request, _reply, _type, value) => {
      throw new AppError('OVERLOADED', { detail: `the event loop is ${Math.round(value ?? maxDelayMs)} ms behind`, retryAfterSeconds: RETRY_AFTER_SECONDS })
    },
  })
}
