// The tokens that the gateway knows: whose they are and what they may do. A value that was never issued here, or was revoked,
// is unknown. Values leave this file only to the one who asked for the token.
import { randomBytes } from 'node:crypto'

export type PermissionName = 'metadata' | 'contents' | 'pull_requests' | 'issues' | 'workflows' | 'checks' | 'actions' | 'administration'
type Permissions = Partial<Record<PermissionName, 'read' | 'write'>>

export interface TokenOptions {
  /** The owner whose repositories it reaches. */
  readonly owner: string
  readonly permissions: Permissions
  /** Repository names; absent: all of the owner's. */
  readonly repositories?: readonly string[]
  /** Whose name its commits carry: the app's bot (default), or a person's login. */
  readonly actor?: string
  /** How the log names it; absent: `token-N`. */
  readonly label?: string
}

export interface IssuedToken {
  readonly label: string
  readonly owner: string
  readonly permissions: Permissions
  readonly repositories: readonly string[] | null
  readonly actor: string
}

export const APP_BOT = 'autodevops[bot]'

export function createTokens() {
  const issued = new Map<string, IssuedToken>()
  let count = 0
  return {
    issue(options: TokenOptions): string {
      count += 1
      const actor = options.actor ?? APP_BOT
      const prefix = actor === APP_BOT ? 'ghs_' : 'github_pat_'
      const value = `${prefix}${randomBytes(18).toString('hex')}`
      issued.set(value, {
        label: options.label ?? `token-${count}`,
        owner: options.owner,
        permissions: options.permissions,
        repositories: options.repositories?.map((name) => name.toLowerCase()) ?? null,
        actor,
      })
      return value
    },
    revoke(value: string): void {
      issued.delete(value)
    },
    /** What an Authorization header stands for: null without one, 'unknown' for a value that is not valid now. */
    identify(authorization: string | undefined): IssuedToken | 'unknown' | null {
      if (!authorization) return null
      const value = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization.trim())?.[1] ?? basicPassword(authorization)
      return (value && issued.get(value)) || 'unknown'
    },
  }
}

/** Whether the token reaches a repository at all. */
export function reaches(token: IssuedToken, owner: string, name: string): boolean {
  return token.owner.toLowerCase() === owner.toLowerCase() && (token.repositories?.includes(name.toLowerCase()) ?? true)
}

export function allows(token: IssuedToken, permission: PermissionName, access: 'read' | 'write'): boolean {
  const granted = token.permissions[permission]
  return granted === 'write' || granted === access
}

function basicPassword(authorization: string): string | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization.trim())?.[1]
  return encoded && Buffer.from(encoded, 'base64').toString('utf8').split(':')[1]
}
