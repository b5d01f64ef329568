// Our two cookies. Always Secure, HttpOnly and bound to this host (`__Host-`): browsers take that from https and from localhost.
// Values hold letters, digits, dots, _ and - only, so nothing is escaped.

export type CookieName = '__Host-autodevops-session' | '__Host-autodevops-sign-in'
export const SESSION_COOKIE = '__Host-autodevops-session'
export const SIGN_IN_COOKIE = '__Host-autodevops-sign-in'

/** Lax: the cookie comes along when the code host leads back to us, and with no request that another site makes. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** The header's value that sets it. */
export const setCookie = (name: CookieName, value: string, maxAgeSeconds: number): string => `${name}=${value}; Max-Age=${Math.floor(maxAgeSeconds)}; ${ATTRIBUTES}`

export const clearCookie = (name: CookieName): string => setCookie(name, '', 0)

/** The first one of that name, as browsers send the more specific one first. */
export function readCookie(header: string | undefined, name: CookieName): string | undefined {
  const found = header?.split(';').map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1) || undefined
}
