// One run of the Action over a branch of the sample repository, as its workflow would start it.
import { checkOut } from '../runner/checkout.ts'
import { runAction, type ActionResult, type ActionRun } from '../runner/run-action.ts'
import type { SampleService } from './sample-service.ts'
import type { SampleWorld } from './sample-world.ts'

export interface BranchRun {
  readonly branch: string
  readonly inputs?: Readonly<Record<string, string>>
  /** Files that the checkout has otherwise than the branch. */
  readonly changed?: Readonly<Record<string, string>>
  readonly run?: Partial<ActionRun>
}

/** Through a control plane, with the identity token of the run. */
export async function analyseBranch(world: SampleWorld, service: SampleService, { branch, inputs, changed, run }: BranchRun): Promise<ActionResult> {
  const { oidc, repository: { fullName, id, ownerId } } = world
  const started = oidc.startRun({ repository: fullName, repositoryId: id, ownerId, sha: await headOf(world, branch), ref: `refs/heads/${branch}` })
  const identity = { url: started.ACTIONS_ID_TOKEN_REQUEST_URL, token: started.ACTIONS_ID_TOKEN_REQUEST_TOKEN }
  const allow = [service.url, identity.url].map((url) => new URL(url).host)
  return runOnBranch(world, { branch, inputs: { 'control-plane-url': service.url, ...inputs }, run: { identity, allow, ...run }, ...(changed ? { changed } : {}) })
}

/** Alone: what it may reach stands in `run`. */
export async function runOnBranch(world: SampleWorld, { branch, inputs, changed, run }: BranchRun): Promise<ActionResult> {
  const { repository, codeHost } = world
  const sha = await headOf(world, branch)
  const checkout = checkOut({ ...(await readBranch(world, sha)), ...changed }, sha)
  try {
    return await runAction({
      workspace: checkout.folder,
      inputs: inputs ?? {},
      event: { name: 'push', payload: { repository: { default_branch: 'main' } } },
      repository,
      ref: `refs/heads/${branch}`,
      sha,
      codeHost,
      ...run,
    })
  } finally {
    checkout.remove()
  }
}

async function headOf({ github, repository }: SampleWorld, branch: string): Promise<string> {
  const sha = await github.branchHead(repository.fullName, branch)
  if (sha === null) throw new Error(`there is no branch ${branch}`)
  return sha
}

/** The sample's files as they stand at a commit or branch. */
export async function readBranch({ github, repository, files }: SampleWorld, ref: string): Promise<Record<string, string>> {
  const read = await Promise.all(Object.keys(files).map(async (path) => [path, await github.readFile(repository.fullName, ref, path)] as const))
  return Object.fromEntries(read.flatMap(([path, text]) => (text === null ? [] : [[path, text]])))
}
