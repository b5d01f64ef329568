// Which of --online and --offline holds: the last one given.

export function isOnline(args: readonly string[], values: { readonly online: boolean }): boolean {
  return values.online && args.lastIndexOf('--online') > args.lastIndexOf('--offline')
}
