// Where a user's programs keep what they can fetch again. Pure: environment, system and home come as arguments.
import path from 'node:path'

export interface UserPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
}

/** The absolute folder for remembered facts; it may not exist yet. */
export function factCacheFolder({ env, platform, home }: UserPlace): string {
  return path.join(cacheRoot({ env, platform, home }), 'autodevops', 'facts')
}

function cacheRoot({ env, platform, home }: UserPlace): string {
  const xdg = env.XDG_CACHE_HOME
  // The XDG specification has relative paths ignored.
  if (xdg && path.isAbsolute(xdg)) return xdg
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches')
  return (platform === 'win32' && env.LOCALAPPDATA) || path.join(home, '.cache')
}
