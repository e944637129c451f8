/**
 * The KMS keys of the stack. All are derived by name from one secret, which is stored in a file that only its owner may
 * read. A ciphertext names its key and version; it is authenticated with the encryption context (AES-256-GCM).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { KmsKey } from './wiring.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

export interface Keys {
  /** The key of an id, an ARN, or `alias/ID`. @throws TokenwrightError `no_such_key` */
  find(idOrArn: string): KmsKey;
  mac(key: KmsKey, message: Buffer): Buffer;
  encrypt(key: KmsKey, plaintext: Buffer, context: EncryptionContext): Buffer;
  /** @throws TokenwrightError `bad_ciphertext` if ciphertext, key or context do not match */
  decrypt(ciphertext: Buffer, context: EncryptionContext): { readonly key: KmsKey; readonly plaintext: Buffer };
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param secret 32 bytes at least */
export function keysFrom(secret: Buffer, keys: readonly KmsKey[]): Keys {
  const derived = (key: KmsKey, purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `tokenwright local ${purpose} ${key.id} ${VERSION}`, 32));
  const find = (given: string): KmsKey => {
    const found = keys.find(({ id, arn }) => given === id || given === arn || given === `alias/${id}`);
    if (found === undefined) {
      throw new TokenwrightError('no_such_key', `there is no key "${given}"`, {
        given,
        allowed: keys.map(({ id }) => id),
      });
    }
    return found;
  };
  return {
    find,
    mac: (key, message) => createHmac('sha256', derived(key, 'mac')).update(message).digest(),
    encrypt: (key, plaintext, context) => {
      const id = Buffer.from(key.id);
      const head = Buffer.concat([Buffer.from([VERSION, id.length]), id]);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', derived(key, 'encrypt'), nonce);
      cipher.setAAD(Buffer.concat([head, contextBytes(context)]));
      const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return Buffer.concat([head, nonce, cipher.getAuthTag(), encrypted]);
    },
    decrypt: (ciphertext, context) => {
      try {
        const [version, length = 0] = ciphertext;
        if (version !== VERSION) throw new Error('another version');
        const head = ciphertext.subarray(0, 2 + length);
        const rest = ciphertext.subarray(head.length);
        const key = find(head.subarray(2).toString());
        const decipher = createDecipheriv('aes-256-gcm', derived(key, 'encrypt'), rest.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.concat([head, contextBytes(context)]));
        decipher.setAuthTag(rest.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const encrypted = rest.subarray(NONCE_BYTES + TAG_BYTES);
        return { key, plaintext: Buffer.concat([decipher.update(encrypted), decipher.final()]) };
      } catch (cause) {
        const message = 'the ciphertext is not of this key and encryption context';
        throw new TokenwrightError('bad_ciphertext', message, {}, { cause });
      }
    },
  };
}

/** Reads the secret of a data folder; the first start creates it. */
export function secretOf(folder: string): Buffer {
  const path = join(folder, 'kms.key');
  try {
    return Buffer.from(readFileSync(path, 'utf8'), 'hex');
  } catch {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    return Buffer.from(readFileSync(path, 'utf8'), 'hex');
  }
}

function contextBytes(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1))));
}
