// Reads Protocol Buffers without their descriptions: fields by number, as the encoding's specification has them.

export interface Field {
  readonly number: number
  /** A varint or a fixed number. */
  readonly value: bigint
  /** What a length-delimited field holds; empty otherwise. */
  readonly bytes: Uint8Array
}

/** Throws for bytes that are no message. */
export function readFields(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const fields: Field[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const fixed = (bytes: 4 | 8): bigint => {
    const value = bytes === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true))
    at += bytes
    return value
  }
  const delimited = (): Uint8Array => {
    const length = Number(varint())
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = Number(varint())
    const number = tag >> 3
    switch (tag & 7) {
      case 0: fields.push({ number, value: varint(), bytes: new Uint8Array() }); break
      case 1: fields.push({ number, value: fixed(8), bytes: new Uint8Array() }); break
      case 2: fields.push({ number, value: 0n, bytes: delimited() }); break
      case 5: fields.push({ number, value: fixed(4), bytes: new Uint8Array() }); break
      default: throw new Error(`field ${number} has the unknown type ${tag & 7}`)
    }
  }
  return fields
}
