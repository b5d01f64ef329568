// Which paths of a repository hold CI: what the worker reads from the code host, and what must be unchanged for a fix to hold.

const CI_PATH =
  /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.github\/workflows\/actions\.lock|\.github\/dependabot\.ya?ml|(?:.*\/)?action\.ya?ml)$/

export const isCiPath = (path: string): boolean => CI_PATH.test(path)
