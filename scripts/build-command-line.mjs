// Builds the command line: the bundle, and the entry that starts it with the code compiled last time
// (docs/decisions/0008-compiled-code-cache.md).
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** An object literal is compiled code; its JSON is one string, which the engine's parser reads faster. */
const DATA_AS_TEXT = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path: file }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

/**
 * Writes main.js, index.js and package.json into `folder` (relative to `root`, or absolute); answers the paths that went in.
 */
export async function buildCommandLine({ root, folder, version }) {
  const out = path.resolve(root, folder)
  // ASCII has one byte a character, so a start need not decode the text.
  const shared = {
    absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', target: 'node20', charset: 'ascii', legalComments: 'none', metafile: true, logLevel: 'warning',
    minify: true,
  }
  const { metafile } = await build({
    ...shared,
    entryPoints: ['cli/index.ts'],
    outfile: path.join(out, 'main.js'),
    plugins: [DATA_AS_TEXT],
    // The module's scope is here already, so a start need not copy the text to wrap it.
    banner: { js: '(function (exports, require, module) {' },
    footer: { js: '})' },
    define: { AUTODEVOPS_VERSION: JSON.stringify(version), 'import.meta.url': 'undefined' },
  })
  const hash = createHash('sha256').update(readFileSync(path.join(out, 'main.js'))).digest('hex')
  await build({ ...shared, entryPoints: ['cli/start.ts'], outfile: path.join(out, 'index.js'), define: { AUTODEVOPS_MAIN_HASH: JSON.stringify(hash) } })
  writeFileSync(path.join(out, 'package.json'), '{\n  "type": "commonjs"\n}\n')
  return Object.keys(metafile.inputs)
}
