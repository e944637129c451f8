/**
 * PINs are stored as salted scrypt hashes, with their parameters beside (OWASP Password Storage Cheat
 * Sheet: N=2^14, r=8, p=5 is its advice where memory is short, as in a small Lambda: 16 MB).
 */
import { randomBytes, scrypt } from 'node:crypto';

interface Parameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const CURRENT: Parameters = { N: 2 ** 14, r: 8, p: 5 };
const HASH_BYTES = 32;

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPin(pin: string, salt: Uint8Array = randomBytes(16)): Promise<string> {
  const hash = await derive(pin, salt, CURRENT);
  const { N, r, p } = CURRENT;
  return ['scrypt', N, r, p, Buffer.from(salt).toString('base64url'), hash.toString('base64url')].join('$');
}

function derive(pin: string, salt: Uint8Array, { N, r, p }: Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { N, r, p }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
