/**
 * Hashes PINs, passwords and API keys by scrypt (RFC 7914), with a salt and the parameters in the hash. For the costs see
 * docs/decisions/0051-cost-of-a-pin.md.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** The cost of PINs, which every login compares. */
const PIN_COST: ScryptParameters = { N: 2 ** 13, r: 8, p: 1 };
/** The cost of administrators' passwords, by OWASP's Password Storage Cheat Sheet for little memory. */
export const PASSWORD_COST: ScryptParameters = { N: 2 ** 14, r: 8, p: 5 };
/** The cost of API keys: 256 random bits cannot be guessed, however cheap a guess is. */
export const KEY_COST: ScryptParameters = { N: 2 ** 10, r: 8, p: 1 };
const HASH_BYTES = 32;
/** The highest accepted cost of a stored hash, so that none exhausts a function: 128 MB. */
const MOST: ScryptParameters = { N: 2 ** 17, r: 8, p: 16 };

/** Hashes a PIN as `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPin(
  pin: string,
  salt: Uint8Array = randomBytes(16),
  cost: ScryptParameters = PIN_COST,
): Promise<string> {
  const hash = await derive(pin, salt, cost);
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, Buffer.from(salt).toString('base64url'), hash.toString('base64url')].join('$');
}

/** Tells whether a PIN has that hash, in constant time. A hash of another form matches no PIN. */
export async function verifyPin(pin: string, stored: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (!match) return false;
  const [N = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  if (!isPowerOfTwo || N > MOST.N || r < 1 || r > MOST.r || p < 1 || p > MOST.p) return false;
  const [salt, wanted] = match.slice(4).map((part) => Buffer.from(part, 'base64url'));
  if (salt === undefined || wanted?.length !== HASH_BYTES) return false;
  return timingSafeEqual(await derive(pin, salt, { N, r, p }), wanted);
}

function derive(pin: string, salt: Uint8Array, { N, r, p }: ScryptParameters): Promise<Buffer> {
  const maxmem = 256 * N * r;
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
