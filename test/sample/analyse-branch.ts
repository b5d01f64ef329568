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

export async function analyseBranch(world: SampleWorld, service: SampleService, { branch, inputs, changed, run }: BranchRun): Promise<ActionResult> {
  const { github, oidc, repository, codeHost } = world
  const ref = `refs/heads/${branch}`
  const sha = await github.branchHead(repository.fullName, branch)
  if (sha === null) throw new Error(`there is no branch ${branch}`)
  const checkout = checkOut({ ...(await readBranch(world, sha)), ...changed }, sha)
  const started = oidc.startRun({ repository: repository.fullName, repositoryId: repository.id, ownerId: repository.ownerId, sha, ref })
  try {
    return await runAction({
      workspace: checkout.folder,
      inputs: { 'control-plane-url': service.url, ...inputs },
      event: { name: 'push', payload: { repository: { default_branch: 'main' } } },
      repository,
      ref,
      sha,
      codeHost,
      identity: { url: started.ACTIONS_ID_TOKEN_REQUEST_URL, token: started.ACTIONS_ID_TOKEN_REQUEST_TOKEN },
      allow: [new URL(service.url).host, new URL(started.ACTIONS_ID_TOKEN_REQUEST_URL).host],
      ...run,
    })
  } finally {
    checkout.remove()
  }
}

/** The sample's files as they stand at a commit or branch. */
export async function readBranch({ github, repository, files }: SampleWorld, ref: string): Promise<Record<string, string>> {
  const read = await Promise.all(Object.keys(files).map(async (path) => [path, await github.readFile(repository.fullName, ref, path)] as const))
  return Object.fromEntries(read.flatMap(([path, text]) => (text === null ? [] : [[path, text]])))
}
