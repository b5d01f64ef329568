// GitHub's OAuth pages without the page: whoever is signed in at the gateway consents at once, or refuses. Codes are good once, for
// their application, address and PKCE challenge. Not the emulator's own, which knows the people of one owner only.
import { createHash, randomBytes } from 'node:crypto'
import { jsonAnswer, refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'

export interface OauthApplication {
  readonly clientId: string
  readonly clientSecret: string
  readonly callbackUrl: string
}

export interface GithubPerson {
  readonly id: number
  readonly login: string
}

interface Code {
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string | null
  readonly person: GithubPerson
}

const AUTHORIZE = /^(?:\/web)?\/login\/oauth\/authorize$/
const EXCHANGE = /^(?:\/web)?\/login\/oauth\/access_token$/

export function createOauth() {
  const applications = new Map<string, OauthApplication>()
  const codes = new Map<string, Code>()
  const tokens = new Map<string, GithubPerson>()
  let atTheBrowser: GithubPerson | null = null

  function authorize({ query }: GatewayRequest): GatewayAnswer {
    const application = applications.get(query.get('client_id') ?? '')
    const redirectUri = query.get('redirect_uri') ?? application?.callbackUrl ?? ''
    if (redirectUri !== application?.callbackUrl) return refusal(404, 'Not Found')
    const back = new URL(redirectUri)
    back.searchParams.set('state', query.get('state') ?? '')
    if (atTheBrowser === null) {
      back.searchParams.set('error', 'access_denied')
    } else {
      const code = randomBytes(10).toString('hex')
      codes.set(code, { clientId: application.clientId, redirectUri, challenge: query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null, person: atTheBrowser })
      back.searchParams.set('code', code)
    }
    return { status: 302, headers: { location: back.href }, body: Buffer.alloc(0) }
  }

  /** 200 for a refusal too, as GitHub does. */
  function exchange({ body }: GatewayRequest): GatewayAnswer {
    const form = new URLSearchParams(body.toString('utf8'))
    const application = applications.get(form.get('client_id') ?? '')
    if (application?.clientSecret !== form.get('client_secret')) return jsonAnswer(200, { error: 'incorrect_client_credentials' })
    const given = form.get('code') ?? ''
    const code = codes.get(given)
    codes.delete(given)
    const isProved = code?.challenge === createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
    if (code?.clientId !== application.clientId || code.redirectUri !== form.get('redirect_uri') || !isProved) return jsonAnswer(200, { error: 'bad_verification_code' })
    const token = `gho_${randomBytes(18).toString('hex')}`
    tokens.set(token, code.person)
    return jsonAnswer(200, { access_token: token, token_type: 'bearer', scope: '' })
  }

  return {
    register(application: OauthApplication): void {
      applications.set(application.clientId, application)
    },
    /** Who consents from now on; null refuses. */
    signInAs(person: GithubPerson | null): void {
      atTheBrowser = person
    },
    /** Null for what is no part of a sign-in. */
    answer(request: GatewayRequest): GatewayAnswer | null {
      if (request.method === 'GET' && AUTHORIZE.test(request.path)) return authorize(request)
      if (request.method === 'POST' && EXCHANGE.test(request.path)) return exchange(request)
      if (request.method !== 'GET' || request.path !== '/user') return null
      const person = tokens.get(/^(?:bearer|token) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '')
      return person ? jsonAnswer(200, { ...person, type: 'User' }) : null
    },
  }
}
