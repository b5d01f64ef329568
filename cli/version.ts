// The version that the build puts in; sources that run unbuilt say so.

declare const AUTODEVOPS_VERSION: string | undefined

export const VERSION: string = typeof AUTODEVOPS_VERSION === 'undefined' ? '0.0.0-source' : AUTODEVOPS_VERSION
