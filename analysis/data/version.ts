// Version numbers as actions write them: `v4`, `v4.2`, `4.2.2`; anything else has no order.

export type Version = readonly [major: number, minor: number, patch: number]

const VERSION = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?$/

/** Missing parts count as 0; null for what is no version (prereleases too). */
export function parseVersion(text: string | null): Version | null {
  const match = text === null ? null : VERSION.exec(text)
  return match === null ? null : [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
}

export const compareVersions = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
