/** The key of the HMAC types (RFC 4226): generated unless `genkey` is 0, else given in hexadecimal or `base32check`. */
import { createHash } from 'node:crypto';
import { base32nopad } from '@scure/base';
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { flagOption, integerOption, textOption } from '../schema/option.ts';
import type { HashName } from './one-time-password.ts';
import type { SecretSource } from './token-type.ts';

const FORMATS = ['hex', 'base32check'] as const;
const MAX_KEY_BYTES = 64;

export const keyParameters = {
  genkey: z.optional(flagOption('Whether the key is generated; by default 1 if there is no otpkey.')),
  otpkey: z.optional(textOption('The key, in the format that otpkeyformat names.')),
  otpkeyformat: z.optional(z.enum(FORMATS).check(z.describe('The format of otpkey; hex by default.'))),
  keysize: z.optional(
    integerOption('Bytes of a generated key; by default the length of the hash.', { min: 10, max: MAX_KEY_BYTES }),
  ),
};

export const hashlib = z.optional(
  z.enum(['sha1', 'sha256', 'sha512']).check(z.describe('The hash of the HMAC; sha1 by default.')),
);

export const otplen = z.optional(integerOption('Digits of a password, 6 to 8; 6 by default.', { min: 6, max: 8 }));

interface KeyParameters {
  readonly genkey?: boolean | undefined;
  readonly otpkey?: string | undefined;
  readonly otpkeyformat?: (typeof FORMATS)[number] | undefined;
  readonly keysize?: number | undefined;
}

/** @throws TokenwrightError `bad_option` if the parameters give no key */
export function checkKey(parameters: KeyParameters): void {
  readKey(parameters);
}

/** Returns the key: the given one, or a derived one. */
export async function makeKey(
  parameters: KeyParameters,
  hash: HashName,
  source: Pick<SecretSource, 'bytes'>,
): Promise<Uint8Array> {
  return readKey(parameters) ?? source.bytes('otpkey', parameters.keysize ?? HASH_BYTES[hash]);
}

const HASH_BYTES: Readonly<Record<HashName, number>> = { sha1: 20, sha256: 32, sha512: 64 };

/** Reads the given key; `null` if it is to be generated. */
function readKey({ genkey, otpkey, otpkeyformat = 'hex' }: KeyParameters): Uint8Array | null {
  checkSource({ genkey, otpkey });
  if (otpkey === undefined) return null;
  return otpkeyformat === 'hex' ? readHex(otpkey) : readBase32Check(otpkey);
}

function readHex(text: string): Uint8Array {
  const allowed = `2 to ${MAX_KEY_BYTES * 2} hexadecimal digits, an even number`;
  if (!/^([0-9a-f]{2})+$/i.test(text) || text.length > MAX_KEY_BYTES * 2) throw badKey('is no key', allowed);
  return Buffer.from(text, 'hex');
}

/** Reads privacyIDEA's form for typing: base32, without padding, of four bytes of the key's SHA-1 and the key. */
function readBase32Check(text: string): Uint8Array {
  const allowed = 'base32 of the first four bytes of its SHA-1 and the key';
  try {
    const bytes = Buffer.from(base32nopad.decode(text.toUpperCase().replaceAll(/[\s=]/g, '')));
    const key = bytes.subarray(4);
    const sum = createHash('sha1').update(key).digest().subarray(0, 4);
    if (key.length > 0 && key.length <= MAX_KEY_BYTES && sum.equals(bytes.subarray(0, 4))) return key;
  } catch {
    // Reported as a wrong checksum, without the cause: its message may quote the key.
  }
  throw badKey('is no key of the format base32check, or has a typing error', allowed);
}

function badKey(message: string, allowed: string): TokenwrightError {
  return new TokenwrightError('bad_option', `the otpkey ${message}`, { path: 'otpkey', allowed });
}

/** @throws TokenwrightError `bad_option` if the parameters name no source, or two */
export function checkSource({
  genkey,
  otpkey,
}: {
  readonly genkey?: boolean | undefined;
  readonly otpkey?: string | undefined;
}): void {
  if (otpkey === undefined && genkey === false) {
    throw badSource('the otpkey is required where genkey is 0', 'an otpkey, or genkey: 1');
  }
  if (otpkey !== undefined && genkey === true) {
    throw badSource('the otpkey is given, and genkey: 1 would generate another one', 'an otpkey, or genkey: 1');
  }
}

function badSource(message: string, allowed: string): TokenwrightError {
  return new TokenwrightError('bad_option', message, { path: 'otpkey', allowed });
}
