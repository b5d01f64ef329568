// What the documents name exists: paths, npm scripts, codes and settings in backticks, and relative links. Which is which follows
// from the shape alone. `.github/` is left out: in these documents it is the folder of the reader's own repository.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryFiles } from './repository-files.ts'

const SOURCE_FOLDERS = ['action', 'analysis', 'cli', 'contract', 'control-plane', 'facts', 'scripts', 'worktree']
const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
const NPM_OWN = ['ci', 'install']

const files = repositoryFiles()
const names = new Set(files.map((file) => path.posix.basename(file)))
const folders = new Set(files.flatMap((file) => foldersAbove(file)))
const topFolders = new Set(files.flatMap((file) => (file.includes('/') && !file.startsWith('.github/') ? [file.split('/')[0]] : [])))
const ignored = readRepositoryFile('.gitignore').split('\n').map((line) => line.replace(/\/$/, ''))
const scripts = Object.keys((JSON.parse(readRepositoryFile('package.json')) as { scripts: Record<string, string> }).scripts)
const words = new Set(files.filter((file) => SOURCE_FOLDERS.includes(file.split('/')[0] ?? '') && /\.(ts|mjs|json)$/.test(file))
  .flatMap((file) => readRepositoryFile(file).match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []))
const documents = files.filter((file) => /^(?:README|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$|^bench\/README\.md$/.test(file))

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Inline code, and the lines of shell examples. Other examples show files of the reader's. */
function codeIn(markdown: string): string[] {
  const shell = [...markdown.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n').map((line) => line.replace(/\s#.*$/, '')))
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, '')
  return [...shell, ...[...prose.matchAll(/(`+)(.+?)\1/g)].map(([, , code = '']) => code)]
}

/** What is wrong with a piece of code; empty when it names nothing of ours, or only what there is. */
function faultsIn(code: string, document = ''): string[] {
  const script = /\bnpm (?:run )?([a-z][\w:-]*)/.exec(code)?.[1]
  const missingScript = script === undefined || scripts.includes(script) || NPM_OWN.includes(script) ? [] : [`npm script ${script}`]
  return [...missingScript, ...code.split(/[\s,;()'"]+/).flatMap((token) => faultOf(token.replace(/[.:]$/, ''), document))]
}

function faultOf(token: string, document: string): string[] {
  // A rule's page also names variables of the reader's workflows.
  if (CODE.test(token)) return words.has(token) || document.startsWith('docs/rules/') ? [] : [`code or setting ${token}`]
  const [first = ''] = token.split('/')
  if (token.includes('/') && topFolders.has(first)) return exists(token) ? [] : [`path ${token}`]
  if (/^[\w-]+\/$/.test(token)) return isFolder(token.slice(0, -1)) ? [] : [`folder ${token}`]
  if (/^[\w.-]+\.(?:ts|mjs)$/.test(token)) return names.has(token) ? [] : [`file ${token}`]
  return []
}

/** `<rule-id>` and `*` stand for any part, `**` for any parts. A folder may be written with or without its slash. */
function exists(token: string): boolean {
  const parts = token.replace(/\/$/, '').split(/(\*\*|\*|<[^>]+>)/)
  const pattern = parts.map((part) => (part === '**' ? '.*' : part === '*' || part.startsWith('<') ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))).join('')
  const glob = new RegExp(`^${pattern}$`)
  return [...files, ...folders].some((name) => glob.test(name))
}

const isFolder = (name: string): boolean => ignored.includes(name) || [...folders].some((folder) => folder === name || folder.endsWith(`/${name}`))

function linksIn(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/(`+).+?\1/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target))
}

/** The fragments that GitHub gives the headings of a document. */
function fragmentsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

function isBroken(document: string, target: string): boolean {
  const [file = '', fragment] = target.split('#')
  const full = file === '' ? document : path.posix.normalize(path.posix.join(path.posix.dirname(document), file)).replace(/\/$/, '')
  if (!files.includes(full)) return !folders.has(full)
  return fragment !== undefined && !fragmentsOf(readRepositoryFile(full)).includes(fragment)
}

describe.each(documents)('%s', (document) => {
  const markdown = readRepositoryFile(document)

  it('names only what there is', () => {
    expect(codeIn(markdown).flatMap((code) => faultsIn(code, document))).toEqual([])
  })

  it('links only to what there is', () => {
    expect(linksIn(markdown).filter((target) => isBroken(document, target))).toEqual([])
  })
})

describe('the check of a document', () => {
  it('sees what is missing', () => {
    const prose = '`action/gone.ts` `npm run gone` `GONE_AWAY` `gone.ts` `gone/`\n'
    const code = codeIn(`${prose}\`\`\`sh\nnode scripts/gone.mjs # docs/gone.md\n\`\`\`\n\`\`\`yaml\nrun: npm run example\n\`\`\`\n`)
    expect(code.flatMap((each) => faultsIn(each)).sort()).toEqual([
      'code or setting GONE_AWAY', 'file gone.ts', 'folder gone/', 'npm script gone', 'path action/gone.ts', 'path scripts/gone.mjs',
    ])
    expect(linksIn('[a](docs/gone.md) [b](https://example.com) `[c](x.md)`').filter((target) => isBroken('README.md', target))).toEqual(['docs/gone.md'])
    expect(isBroken('README.md', 'docs/architecture.md#gone')).toBe(true)
  })

  it('takes what is there', () => {
    const code = ['docs/rules/<rule-id>.md', 'analysis/data/actions*', 'npm test', 'npm ci', 'GITHUB_API_URL', 'main.ts', 'action/', 'actions/checkout']
    expect(code.flatMap((each) => faultsIn(each))).toEqual([])
    expect(isBroken('docs/cli.md', 'architecture.md#folders')).toBe(false)
  })
})
