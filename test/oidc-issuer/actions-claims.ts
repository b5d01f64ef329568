// The claims of a GitHub Actions identity token, from what a test says about the run. Numbers travel as text, as GitHub sends them.

export interface RunIdentity {
  /** owner/name */
  readonly repository: string
  readonly repositoryId: number
  readonly ownerId: number
  readonly sha: string
  /** Default `refs/heads/main`; `refs/pull/N/merge` on pull requests. */
  readonly ref?: string
  /** Default `push`. */
  readonly eventName?: string
  /** On pull requests: the branches, without `refs/heads/`. */
  readonly headRef?: string
  readonly baseRef?: string
  readonly visibility?: 'public' | 'private'
}

/** Claims to set as they are, or to leave out (undefined). */
export interface ClaimOverrides {
  readonly claims?: Readonly<Record<string, string | undefined>>
}

export function actionsClaims(run: RunIdentity & ClaimOverrides): Record<string, string> {
  const ref = run.ref ?? 'refs/heads/main'
  const workflow = `${run.repository}/.github/workflows/ci.yml@${ref}`
  const eventName = run.eventName ?? 'push'
  const claims: Record<string, string | undefined> = {
    jti: crypto.randomUUID(),
    sub: eventName.startsWith('pull_request') ? `repo:${run.repository}:pull_request` : `repo:${run.repository}:ref:${ref}`,
    repository: run.repository,
    repository_id: String(run.repositoryId),
    repository_owner: run.repository.split('/')[0],
    repository_owner_id: String(run.ownerId),
    repository_visibility: run.visibility ?? 'public',
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    sha: run.sha,
    head_ref: run.headRef ?? '',
    base_ref: run.baseRef ?? '',
    event_name: eventName,
    actor: 'mona',
    actor_id: '583231',
    workflow: 'CI',
    workflow_ref: workflow,
    workflow_sha: run.sha,
    job_workflow_ref: workflow,
    job_workflow_sha: run.sha,
    run_id: '12345678901',
    run_number: '17',
    run_attempt: '1',
    runner_environment: 'github-hosted',
    ...run.claims,
  }
  return Object.fromEntries(Object.entries(claims).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
