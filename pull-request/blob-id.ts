// The id that git gives a file's content. Texts that a client posts are believed only when their id stands in the commit's tree.
import { createHash } from 'node:crypto'

/** 40 hex digits; a text counts as its UTF-8 bytes. */
export function gitBlobId(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}
