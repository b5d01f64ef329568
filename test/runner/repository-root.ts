// Where this repository lies, as a file URL with a slash at its end.
export const REPOSITORY_ROOT = new URL('../../', import.meta.url)
