// Tokens of our own that are shown once: `PREFIX_ID_SECRET`. The id finds the record, which holds the hash of the secret; the secret
// is compared in constant time. It has 256 random bits, so nothing slower than SHA-256 is needed.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Secret } from '../secret.ts'

const ID_BYTES = 8
const SECRET_BYTES = 32

export interface NewToken {
  readonly id: string
  readonly token: Secret
  /** SHA-256 of the secret part, hex: what is stored. */
  readonly secretHash: string
}

export interface ReadToken {
  readonly id: string
  matches(secretHash: string): boolean
}

export interface TokenForm {
  create(): NewToken
  /** Null for what does not have this form. */
  read(token: string): ReadToken | null
}

export function createTokenForm(prefix: string): TokenForm {
  const form = new RegExp(`^${prefix}_([0-9a-f]{${ID_BYTES * 2}})_([0-9a-f]{${SECRET_BYTES * 2}})$`)
  return {
    create: () => {
      const id = randomBytes(ID_BYTES).toString('hex')
      const secret = randomBytes(SECRET_BYTES).toString('hex')
      return { id, token: new Secret(`${prefix}_${id}_${secret}`), secretHash: hash(secret).toString('hex') }
    },
    read: (token) => {
      const [, id, secret] = form.exec(token) ?? []
      if (id === undefined || secret === undefined) return null
      return { id, matches: (secretHash) => timingSafeEqual(hash(secret), Buffer.from(secretHash, 'hex')) }
    },
  }
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest()
