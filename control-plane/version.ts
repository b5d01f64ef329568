// The service's version: the build puts package.json's in.
declare const AUTODEVOPS_VERSION: string | undefined

export const VERSION: string = typeof AUTODEVOPS_VERSION === 'undefined' ? '0.0.0-source' : AUTODEVOPS_VERSION
