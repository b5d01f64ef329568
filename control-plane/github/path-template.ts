// The path of a request to GitHub without its values: names of owners, repositories, branches and files are nobody's business in a
// trace. Only words of GitHub's own paths stay, so a path that we do not know yet loses its words and never keeps a value.

const WORDS = new Set([
  'access_tokens', 'app', 'applications', 'blobs', 'branches', 'check-runs', 'comments', 'commits', 'compare', 'contents', 'credentials', 'git', 'heads', 'installation',
  'installations', 'issues', 'latest', 'matching-refs', 'meta', 'orgs', 'pulls', 'ref', 'refs', 'releases', 'repos', 'repositories', 'revoke', 'tags', 'token', 'trees', 'user', 'users',
])
/** What comes after these is a value, whatever it is called. */
const NAMED: Readonly<Record<string, number>> = { repos: 2, repositories: 1, orgs: 1, users: 1, heads: Infinity, tags: Infinity, contents: Infinity, compare: Infinity }
const FIXED = new Set(['/login/oauth/access_token', '/advisories'])

/** `/repos/{}/{}/git/trees/{}`; `pathname` has neither the API's own prefix nor a query. */
export function pathTemplate(pathname: string): string {
  if (FIXED.has(pathname)) return pathname
  let values = 0
  const parts = pathname.split('/').slice(1).map((part) => {
    if (values === Infinity) return null
    if (values > 0) {
      values -= 1
      return '{}'
    }
    if (!WORDS.has(part)) return '{}'
    values = NAMED[part] ?? 0
    return part
  })
  const kept = parts.filter((part) => part !== null)
  return `/${kept.join('/')}${kept.length < parts.length ? '/{}' : ''}`
}
