// What makes a finding itself when lines move, and the 128-bit hash (MurmurHash3, x86 variant) that shortens it.
// Not for security: a fingerprint is a key, not a proof.

/** Hex, 32 digits, of the text's UTF-16 units. */
export function hash128(text: string): string {
  const length = text.length * 2
  let h1 = 0
  let h2 = 0
  let h3 = 0
  let h4 = 0
  const unit = (i: number): number => (i < text.length ? text.charCodeAt(i) : 0)
  // One block is 16 bytes, eight UTF-16 units; the tail block is padded with zeros, which gives the same words as the tail steps.
  for (let i = 0; i < text.length; i += 8) {
    const k1 = mix(unit(i) | (unit(i + 1) << 16), 0x239b961b, 15, 0xab0e9789)
    const k2 = mix(unit(i + 2) | (unit(i + 3) << 16), 0xab0e9789, 16, 0x38b34ae5)
    const k3 = mix(unit(i + 4) | (unit(i + 5) << 16), 0x38b34ae5, 17, 0xa1e38b93)
    const k4 = mix(unit(i + 6) | (unit(i + 7) << 16), 0xa1e38b93, 18, 0x239b961b)
    h1 ^= k1
    if (i + 8 > text.length) {
      h2 ^= k2
      h3 ^= k3
      h4 ^= k4
      break
    }
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 = (Math.imul((rotate(h2 ^ k2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 = (Math.imul((rotate(h3 ^ k3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 = (Math.imul((rotate(h4 ^ k4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = finish(h1)
  h2 = finish(h2)
  h3 = finish(h3)
  h4 = finish(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  return hex(h1) + hex(h2) + hex(h3) + hex(h4)
}

/** Runs of white space become one blank, so reformatting does not make a new finding. Long texts count with their first 4,096 units. */
export function normalise(text: string): string {
  return text.slice(0, 4096).replace(/\s+/g, ' ').trim()
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))

const mix = (value: number, first: number, bits: number, second: number): number =>
  Math.imul(rotate(Math.imul(value, first), bits), second)

function finish(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')
