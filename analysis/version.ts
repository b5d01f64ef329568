// The version of what runs: the build writes package.json's into it; from the sources it says that it is not a release.
declare const AUTODEVOPS_VERSION: string | undefined

export const VERSION: string = typeof AUTODEVOPS_VERSION === 'undefined' ? '0.0.0-source' : AUTODEVOPS_VERSION
