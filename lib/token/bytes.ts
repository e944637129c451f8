/**
 * Writes and reads binary values. The ledger and the stamps are packed, because DynamoDB bills every started KB of the whole
 * item on every write; see docs/decisions/0003-packed-ledger.md.
 */

export class ByteWriter {
  readonly #parts: number[] = [];

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.#parts.push(byte);
  }

  /** Writes a time in milliseconds; 48 bits suffice until the year 10889. */
  uint48(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    for (const shift of [8, 0]) this.#parts.push((high >>> shift) & 0xff);
    for (const shift of [24, 16, 8, 0]) this.#parts.push((value >>> shift) & 0xff);
  }

  /** Writes a safe integer of any sign, seven bits per byte; small numbers take one byte. */
  integer(value: number): void {
    let rest = BigInt(value) >= 0n ? BigInt(value) << 1n : (-BigInt(value) << 1n) - 1n;
    while (rest > 0x7fn) {
      this.#parts.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#parts.push(Number(rest));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  raw(length: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length < length) throw new RangeError('the packed value ends too early');
    this.#at += length;
    return part;
  }

  uint48(): number {
    return this.raw(6).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  integer(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(this.raw(1)[0] ?? 0);
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) break;
    }
    return Number((value & 1n) === 1n ? -((value + 1n) >> 1n) : value >> 1n);
  }
}
