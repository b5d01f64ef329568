// A GitHub with one popular action on it, as the tests of facts need it: tags light and annotated, branches, releases.
import { startGateway, type Gateway, type GatewayOptions } from '../github-gateway/start-gateway.ts'

export interface ActionHost {
  readonly github: Gateway
  /** The commits of acme/checkout, oldest first. */
  readonly first: string
  readonly second: string
}

export async function startActionHost(options: GatewayOptions = {}): Promise<ActionHost> {
  const github = await startGateway(options)
  await github.createOwner({ login: 'acme' })
  const created = await github.createRepository({ owner: 'acme', name: 'checkout', files: { 'action.yml': 'name: Checkout\n' } })
  const first = created.commit ?? ''
  const second = await github.commit({ repo: 'acme/checkout', branch: 'main', files: { 'index.js': '1\n' }, message: 'Second' })
  await github.tag({ repo: 'acme/checkout', name: 'v1', commit: first })
  await github.tag({ repo: 'acme/checkout', name: 'v2', commit: second, annotated: true })
  return { github, first, second }
}
