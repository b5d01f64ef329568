// Writes a repaired file over the one that was read: whole or not at all, and never over somebody's newer change.
import * as path from 'node:path'
import type { World } from './world.ts'
import { whyNotWritten } from './write-output.ts'

/** Null when it is written, else why not. Keeps the file's mode; a symbolic link stays one, its target is written. */
export function replaceText(fs: World['fs'], file: string, change: { readonly before: string; readonly after: string }): string | null {
  let draft: string | null = null
  try {
    const real = fs.realpathSync.native(file)
    if (!fs.readFileSync(real).equals(Buffer.from(change.before))) return 'it changed since it was read; run again'
    draft = path.join(path.dirname(real), `.${path.basename(real)}.autodevops-${process.pid}`)
    fs.writeFileSync(draft, change.after, { flag: 'wx' })
    fs.chmodSync(draft, fs.statSync(real).mode & 0o7777)
    fs.renameSync(draft, real)
    return null
  } catch (error) {
    const reason = whyNotWritten(error)
    if (draft !== null && reason !== 'EEXIST') fs.rmSync(draft, { force: true })
    return reason
  }
}
