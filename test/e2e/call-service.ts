// What a run does to the service: posts its analysis and asks what became of it.
import type { AnalysisWire, Submission } from '../../contract/analyses.ts'

interface Called {
  readonly url: string
}

export async function postAnalysis({ url }: Called, token: string, submission: Submission): Promise<Response> {
  return fetch(`${url}/v1/analyses`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(submission),
  })
}

/** Waits for the end, however long it takes: the test's own time limit ends it. */
export async function waitForEnd({ url }: Called, token: string, id: string): Promise<AnalysisWire> {
  for (;;) {
    const response = await fetch(`${url}/v1/analyses/${id}?wait=60`, { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    const analysis = (await response.json()) as AnalysisWire
    if (analysis.endedAt !== null) return analysis
  }
}
