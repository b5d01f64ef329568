// A path inside an address: every part is encoded, the slashes between them stay.

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
