// A comment that may be asked for again: a hidden line in it tells that it is there already.
import type { GithubClient } from './client.ts'
import type { RepositoryName } from './commit-tree.ts'

interface Saying {
  /** Hidden where it is read; no other comment has it. */
  readonly marker: string
  readonly text: string
}

/** Under a pull request or an issue. Throws the code host's error. */
export async function sayOnce(client: GithubClient, { owner, name }: RepositoryName, number: number, { marker, text }: Saying): Promise<void> {
  const issue = { owner, repo: name, issue_number: number }
  const comments = await client.paginate(client.rest.issues.listComments, { ...issue, per_page: 100 })
  if (!comments.some(({ body }) => body?.includes(marker))) await client.rest.issues.createComment({ ...issue, body: `${marker}\n${text}` })
}
