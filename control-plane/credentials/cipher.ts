// AES-256-GCM with a random 96-bit IV. The key's id stands in front, in clear, so that keys can rotate; tenant and
// purpose are bound as additional data, so that a ciphertext moved to another place does not open there.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '../errors.ts'
import { Secret } from '../secret.ts'
import type { EncryptionKey } from '../settings.ts'

export interface Binding {
  readonly tenantId: string
  readonly purpose: string
}

export interface Cipher {
  /** `v1.KEYID.BASE64URL(iv, tag, ciphertext)` */
  encrypt(secret: Secret, binding: Binding): string
  /** Throws ENCRYPTION_KEY_UNKNOWN or SECRET_DAMAGED. */
  decrypt(text: string, binding: Binding): Secret
  /** True when the first key made it. */
  isCurrent(text: string): boolean
  /** Of the key that made it. Throws SECRET_DAMAGED. */
  keyIdOf(text: string): string
}

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

export function createCipher(keys: readonly EncryptionKey[]): Cipher {
  const bytes = new Map(keys.map(({ id, secret }) => [id, Buffer.from(secret.reveal(), 'base64')]))
  const first = keys[0]
  if (first === undefined) throw new TypeError('A cipher needs a key')
  const keyOf = (id: string): Buffer => {
    const key = bytes.get(id)
    if (key === undefined) throw new AppError('ENCRYPTION_KEY_UNKNOWN', { detail: `the key's id is ${id}` })
    return key
  }
  return {
    encrypt: (secret, binding) => {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv(ALGORITHM, keyOf(first.id), iv, { authTagLength: TAG_BYTES }).setAAD(additionalData(first.id, binding))
      const body = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
      return [VERSION, first.id, Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')].join('.')
    },
    decrypt: (text, binding) => {
      const { keyId, sealed } = split(text)
      const key = keyOf(keyId)
      try {
        const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(additionalData(keyId, binding))
          .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return new Secret(Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8'))
      } catch (cause) {
        throw new AppError('SECRET_DAMAGED', { detail: binding.purpose, cause })
      }
    },
    // What has no known form is not current: whoever tries to renew it learns why.
    isCurrent: (text) => text.startsWith(`${VERSION}.${first.id}.`),
    keyIdOf: (text) => split(text).keyId,
  }
}

function split(text: string): { keyId: string; sealed: Buffer } {
  const [version, keyId, body] = text.split('.')
  if (version !== VERSION || keyId === undefined || body === undefined) throw new AppError('SECRET_DAMAGED', { detail: 'its form is not known' })
  return { keyId, sealed: Buffer.from(body, 'base64url') }
}

/** JSON, so that no choice of tenant and purpose reads like another one. */
const additionalData = (keyId: string, { tenantId, purpose }: Binding): Buffer => Buffer.from(JSON.stringify([VERSION, keyId, tenantId, purpose]))
