// Bytes of a file to its text, or the reason why there is none. Edits are made on the text and written back as UTF-8, and
// untouched bytes must come out as they went in. Hence a UTF-8 byte order mark stays in the text as its first unit (U+FEFF), and
// UTF-16 is refused rather than converted.

/** Larger files are refused; GitHub's own limit for a workflow file is half of it. */
export const MAX_SOURCE_BYTES = 1024 * 1024

type Decoded = { readonly text: string } | { readonly error: string }

/** `error` is a sentence without the file's name: what is wrong with it and what would be right. */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_SOURCE_BYTES) return { error: tooLarge(bytes.length) }
  const utf16 = utf16Mark(bytes)
  if (utf16 !== null) return { error: `the file is ${utf16} (by its byte order mark); save it as UTF-8` }
  const nul = bytes.indexOf(0)
  if (nul >= 0) return { error: `the file is binary (a NUL byte at offset ${nul}); a YAML file is UTF-8 text` }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { error: invalidUtf8(bytes) }
  }
}

/** For a caller that knows the size before it reads: the sentence that `decodeText` would answer with. */
export function tooLarge(sizeBytes: number): string {
  return `the file has ${sizeBytes} bytes, the limit is ${MAX_SOURCE_BYTES} bytes (1 MiB); split it or leave it out`
}

function utf16Mark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 little endian'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 big endian'
  return null
}

/** The place is where a lenient decoding, encoded again, first differs from the bytes. */
function invalidUtf8(bytes: Uint8Array): string {
  const again = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  let at = 0
  let line = 1
  while (at < bytes.length && again[at] === bytes[at]) if (bytes[at++] === 10) line++
  return `the file is not valid UTF-8 (first at byte ${at}, line ${line}); save it as UTF-8`
}
