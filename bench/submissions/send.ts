// Sends the same number of submissions at once to a service, or to anything that answers like one, and takes the times.
import { Agent, request } from 'undici'
import type { Submission } from '../../contract/analyses.ts'

export interface Sending {
  readonly submission: Submission
  readonly token: string
}

export interface Sent {
  /** From the first request to the last answer. */
  readonly perSecond: number
  /** Milliseconds of each. */
  readonly times: readonly number[]
  /** Bytes of the first answer's body. */
  readonly answerBytes: number
}

/** Throws for an answer that is not 202. */
export async function sendAll(url: string, sendings: readonly Sending[], atOnce: number): Promise<Sent> {
  const agent = new Agent({ connections: atOnce })
  const times: number[] = []
  let answerBytes = 0
  const waiting = sendings.values()
  const sendRest = async (): Promise<void> => {
    for (const { submission, token } of waiting) {
      const body = JSON.stringify(submission)
      const began = performance.now()
      const response = await request(`${url}/v1/analyses`, { method: 'POST', dispatcher: agent, body, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } })
      const text = await response.body.text()
      times.push(performance.now() - began)
      if (response.statusCode !== 202) throw new Error(`${url} answered ${response.statusCode} ${text}`)
      answerBytes ||= Buffer.byteLength(text)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: atOnce }, sendRest))
  const seconds = (performance.now() - began) / 1_000
  await agent.close()
  return { perSecond: sendings.length / seconds, times, answerBytes }
}
