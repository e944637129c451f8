/**
 * The form of a sealed secret, AES-256-GCM (NIST SP 800-38D); docs/reference/sealed-secrets.md tells it to other readers:
 *
 *   format (1) | version of the data key (4, big endian) | nonce (12) | ciphertext | tag (16)
 *
 * The nonce is a MAC of what is sealed: sealing again gives the same bytes, so a repeated step writes what is there,
 * and no two secrets ever share a nonce.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { TokenwrightError } from '../base/error.ts';

/** What a sealed secret belongs to: authenticated, not secret itself. */
export type SecretContext =
  | { readonly purpose: 'otpkey'; readonly serial: string }
  | { readonly purpose: 'definition'; readonly definition: number; readonly option: string };

/** An unwrapped data key: 32 bytes, never stored or logged. */
export interface DataKey {
  readonly version: number;
  readonly key: Uint8Array;
}

const FORMAT = 1;
const HEAD_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals under a key. */
export function sealWith({ version, key }: DataKey, plain: Uint8Array, context: SecretContext): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES, FORMAT);
  head.writeUInt32BE(version, 1);
  const bound = Buffer.concat([head, contextBytes(context)]);
  const { sealing, forNonces } = preparedFrom(key);
  const nonce = nonceOf(forNonces, bound, plain);
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
  cipher.setAAD(bound);
  return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what was sealed under that key. @throws TokenwrightError `bad_secret` */
export function openSealed({ key }: DataKey, sealed: Uint8Array, context: SecretContext): Uint8Array {
  versionOf(sealed);
  const bytes = Buffer.from(sealed);
  const head = bytes.subarray(0, HEAD_BYTES);
  const end = bytes.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES));
    decipher.setAAD(Buffer.concat([head, contextBytes(context)]));
    decipher.setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES + NONCE_BYTES, end)), decipher.final()]);
  } catch (cause) {
    throw badSecret('it was sealed for something else, under another key, or was changed', { cause });
  }
}

/** The version of the key that a secret is sealed under. @throws TokenwrightError `bad_secret` if it is not a sealed secret */
export function versionOf(sealed: Uint8Array): number {
  if (sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BYTES) throw badSecret('it is too short');
  if (sealed[0] !== FORMAT) throw badSecret('its format is not known here');
  return Buffer.from(sealed).readUInt32BE(1);
}

export function badSecret(why: string, options?: ErrorOptions): TokenwrightError {
  return new TokenwrightError('bad_secret', `the secret cannot be opened: ${why}`, {}, options);
}

/** Encodes a context, separated by NUL, which no serial and no name contains. */
function contextBytes(context: SecretContext): Buffer {
  const parts =
    context.purpose === 'otpkey'
      ? [context.purpose, context.serial]
      : [context.purpose, String(context.definition), context.option];
  return Buffer.from(parts.join('\0'));
}

/** Prepares a data key for node:crypto once: that takes several times as long as sealing does. */
function preparedFrom(key: Uint8Array): PreparedKey {
  const known = prepared.get(key);
  if (known) return known;
  const forNonces = Buffer.from(hkdfSync('sha256', key, '', 'tokenwright nonce', 32));
  const made = { sealing: createSecretKey(key), forNonces: createSecretKey(forNonces) };
  prepared.set(key, made);
  return made;
}

interface PreparedKey {
  readonly sealing: KeyObject;
  readonly forNonces: KeyObject;
}

const prepared = new WeakMap<Uint8Array, PreparedKey>();

function nonceOf(key: KeyObject, bound: Buffer, plain: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bound.length);
  const mac = createHmac('sha256', key).update(length).update(bound).update(plain).digest();
  return mac.subarray(0, NONCE_BYTES);
}
