// Entity tags of what is written version by version: the version is the tag.

export const versionTag = (version: number): string => `"${version}"`

/** The version that an If-Match names; null where it names none. */
export function readVersionTag(header: string | undefined): number | null {
  const version = /^"(\d{1,8})"$/.exec(header ?? '')?.[1]
  return version === undefined ? null : Number(version)
}
