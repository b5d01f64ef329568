// Builds everything that runs outside the tests: dist/index.js (the Action, by ncc), dist/cli/index.js (the command line)
// and build/ (the service); and copies workflows/reusable to .github/workflows, from where GitHub lets others call them. The same sources give the same bytes; a build whose inputs have not changed is skipped.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import ncc from '@vercel/ncc'
import { build } from 'esbuild'
import { buildCommandLine } from './build-command-line.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = ['action', 'analysis', 'cli', 'contract', 'control-plane', 'facts', 'pull-request', 'worktree', 'workflows/reusable', 'package.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/build-command-line.mjs']
const OUTPUTS = ['dist/index.js', 'dist/licenses.txt', 'dist/package.json', 'dist/cli/index.js', 'dist/cli/main.js', 'dist/cli/package.json', 'build/main.js', 'build/admin.js', 'build/modules.json']
/** The licences of the packages that are inside the Action's bundle. */
const LICENSES = 'licenses.txt'
const STAMP = path.join(ROOT, 'build', 'stamp')

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
/** @type {import('esbuild').BuildOptions} */
const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { AUTODEVOPS_VERSION: JSON.stringify(version) },
}

async function main() {
  const key = hashOf(SOURCES)
  if (!process.argv.includes('--force') && isUpToDate(key)) return
  process.stderr.write('building ...\n')
  rmSync(path.join(ROOT, 'build'), { recursive: true, force: true })
  mkdirSync(path.join(ROOT, 'build'), { recursive: true })
  const [action, cli] = await Promise.all([buildAction(), buildCommandLine({ root: ROOT, folder: 'dist/cli', version }), buildService()])
  mirror('workflows/reusable', '.github/workflows')
  write('build/modules.json', JSON.stringify({ action, cli }, null, 2))
  write('build/stamp', `${key}\n${hashOf(OUTPUTS)}\n`)
}

/** esbuild turns our TypeScript into one module; ncc then adds the packages, so that a runner needs no node_modules. */
async function buildAction() {
  const ours = await build({ ...SHARED, entryPoints: ['action/index.ts'], outfile: 'build/action/index.js', format: 'esm', target: 'node24', packages: 'external' })
  const { code, assets, stats } = await ncc(path.join(ROOT, 'build/action/index.js'), { quiet: true, cache: false, esm: true, target: 'es2022', license: LICENSES })
  const extra = Object.keys(assets).filter((name) => name !== 'package.json' && name !== LICENSES)
  if (extra.length > 0) throw new Error(`the Action must be one file, but ncc also wrote ${extra.join(', ')}`)
  write('dist/index.js', code)
  write(`dist/${LICENSES}`, assets[LICENSES].source)
  write('dist/package.json', '{\n  "type": "module"\n}\n')
  const packages = stats.compilation ? [...stats.compilation.modules].map(({ resource }) => resource).filter(Boolean) : []
  return [...Object.keys(ours.metafile.inputs), ...packages.map((file) => path.relative(ROOT, file))]
}

/** The service runs beside its node_modules; only packages that plain Node cannot import are bundled. */
async function buildService() {
  await build({ ...SHARED, entryPoints: { main: 'control-plane/main.ts', admin: 'control-plane/admin.ts' }, outdir: 'build', format: 'esm', target: 'node20', packages: 'external', splitting: true, chunkNames: 'chunks/[name]-[hash]', sourcemap: true })
}

function mirror(from, to) {
  for (const name of readdirSync(path.join(ROOT, from))) write(`${to}/${name}`, readFileSync(path.join(ROOT, from, name)))
}

function isUpToDate(key) {
  if (!existsSync(STAMP) || OUTPUTS.some((file) => !existsSync(path.join(ROOT, file)))) return false
  return readFileSync(STAMP, 'utf8') === `${key}\n${hashOf(OUTPUTS)}\n`
}

/** SHA-256 over names and contents of files and folders. */
function hashOf(names) {
  const hash = createHash('sha256')
  for (const name of names) for (const file of filesBelow(name)) hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)))
  return hash.digest('hex')
}

function filesBelow(name) {
  const full = path.join(ROOT, name)
  if (!statSync(full).isDirectory()) return [name]
  return readdirSync(full).sort().flatMap((entry) => filesBelow(`${name}/${entry}`))
}

function write(name, content) {
  const file = path.join(ROOT, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

await main()
