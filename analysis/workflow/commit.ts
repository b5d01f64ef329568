// What a full commit id looks like.

/** Whether a text is a full commit id: 40 hex digits, or 64 in a SHA-256 repository. */
export function isCommit(text: string): boolean {
  if (text.length !== 40 && text.length !== 64) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 32
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false
  }
  return true
}
