export function buildCommandLine(options: { readonly root: string; readonly folder: string; readonly version: string }): Promise<string[]>
