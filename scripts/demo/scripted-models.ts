// The demo's models: a server that answers by script on this machine, and the settings that make the control plane ask it.
import { answerHonestly } from '../../test/model-server/answer-honestly.ts'
import { startModelServer } from '../../test/model-server/start-model-server.ts'
import type { SampleService } from '../../test/sample/sample-service.ts'

export async function startScriptedModels(closing: (() => unknown)[]) {
  const server = await startModelServer(answerHonestly)
  closing.push(() => server.close())
  return { ...server, env: { GEMINI_API_KEY: 'scripted', GEMINI_BASE_URL: server.baseUrl.gemini } }
}

/** What an owner does before anything is sent. */
export async function turnAiOn(service: SampleService): Promise<void> {
  const { code, stderr } = await service.admin(['set-ai', '--tenant', service.tenantId, '--ai', 'on'])
  if (code !== 0) throw new Error(`set-ai failed (${code}): ${stderr}`)
}
