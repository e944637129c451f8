/**
 * Decrypts PSKC values (RFC 6030, section 6): AES-CBC under a pre-shared key, or under a key derived from a password by
 * PBKDF2, with an HMAC over each value. CBC alone does not detect changes, so a value without a MAC is refused.
 */
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { TokenwrightError } from '../../lib/base/error.ts';
import { type Element, find, textOf } from './xml.ts';

export interface ContainerKeys {
  readonly encryption: Buffer;
  readonly mac: Buffer;
  readonly hash: string;
}

const MOST_ITERATIONS = 10_000_000;
const IV_BYTES = 16;

/**
 * Reads or derives the keys of a container.
 *
 * @param secret the contents of --key-file: the key as hex, or the password
 * @throws TokenwrightError `bad_key`
 */
export function containerKeys(
  { encryptionKey, macMethod }: { encryptionKey: Element | undefined; macMethod: Element | undefined },
  secret: string | undefined,
): ContainerKeys {
  if (secret === undefined) {
    throw new TokenwrightError('bad_key', 'the keys in this file are encrypted', {
      allowed: '--key-file FILE with the pre-shared key (hexadecimal) or the password',
    });
  }
  const method = find(encryptionKey, 'DerivedKey', 'KeyDerivationMethod');
  const encryption = method ? derivedKey(method, secret) : presharedKey(secret);
  const macKey = find(macMethod, 'MACKey');
  return {
    encryption,
    hash: hashOf(macMethod?.attributes.algorithm, 'sha1'),
    mac: macKey ? decrypt(macKey, encryption) : encryption,
  };
}

/** Verifies the MAC of an `EncryptedValue` and decrypts it. @throws TokenwrightError `bad_key` */
export function openValue(secret: Element, keys: ContainerKeys): Buffer {
  const value = find(secret, 'EncryptedValue');
  const given = textOf(secret, 'ValueMAC');
  if (!value || !given) throw new TokenwrightError('bad_key', 'an encrypted key needs a ValueMAC');
  const wanted = createHmac(keys.hash, keys.mac).update(cipherBytes(value)).digest();
  const mac = Buffer.from(given, 'base64');
  if (mac.length === wanted.length && timingSafeEqual(mac, wanted)) return decrypt(value, keys.encryption);
  throw new TokenwrightError('bad_key', 'the MAC is wrong: another key or password, or the file was changed');
}

function presharedKey(secret: string): Buffer {
  if (/^([0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i.test(secret)) return Buffer.from(secret, 'hex');
  throw new TokenwrightError('bad_key', 'the pre-shared key in --key-file is malformed', {
    allowed: '16, 24 or 32 bytes as hexadecimal',
  });
}

function derivedKey(method: Element, password: string): Buffer {
  if (!method.attributes.algorithm?.toLowerCase().endsWith('#pbkdf2')) {
    throw new TokenwrightError('bad_key', 'only PBKDF2 is supported for deriving keys');
  }
  const parameters = find(method, 'PBKDF2-params') ?? method;
  const salt = Buffer.from(textOf(parameters, 'Salt', 'Specified') ?? textOf(parameters, 'Salt') ?? '', 'base64');
  const iterations = Number(textOf(parameters, 'IterationCount'));
  const length = Number(textOf(parameters, 'KeyLength') ?? 16);
  if (!(iterations >= 1 && iterations <= MOST_ITERATIONS) || ![16, 24, 32].includes(length) || salt.length === 0) {
    throw new TokenwrightError('bad_key', 'the parameters of PBKDF2 are out of range');
  }
  return pbkdf2Sync(password, salt, iterations, length, hashOf(find(parameters, 'PRF')?.attributes.algorithm, 'sha1'));
}

/** Reads `sha1` from `http://www.w3.org/2000/09/xmldsig#hmac-sha1`. */
function hashOf(algorithm: string | undefined, fallback: string): string {
  if (algorithm === undefined) return fallback;
  const [, hash] = /hmac-?(sha(?:1|256|384|512))$/i.exec(algorithm) ?? [];
  if (hash) return hash.toLowerCase();
  throw new TokenwrightError('bad_key', `the algorithm ${algorithm} is not supported`, { given: algorithm });
}

function decrypt(value: Element, key: Buffer): Buffer {
  const algorithm = find(value, 'EncryptionMethod')?.attributes.algorithm ?? '';
  const [, bits] = /#aes(128|192|256)-cbc$/i.exec(algorithm) ?? [];
  if (Number(bits) !== key.length * 8) {
    throw new TokenwrightError('bad_key', `${algorithm || 'no algorithm'} does not fit a key of ${key.length} bytes`, {
      allowed: 'AES-CBC of 128, 192 or 256 bits, and a key of that length',
    });
  }
  const bytes = cipherBytes(value);
  try {
    const decipher = createDecipheriv(`aes-${bits}-cbc`, key, bytes.subarray(0, IV_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new TokenwrightError('bad_key', 'a value cannot be decrypted: another key or password?', {}, { cause });
  }
}

function cipherBytes(value: Element): Buffer {
  return Buffer.from(textOf(value, 'CipherData', 'CipherValue') ?? textOf(value, 'CipherValue') ?? '', 'base64');
}
