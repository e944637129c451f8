/**
 * Decrypts Fernet (https://github.com/fernet/spec), in which privacyIDEA's `pi-tokenjanitor` writes its export: AES-128-CBC
 * and HMAC-SHA-256 under one key.
 */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { TokenwrightError } from '../../lib/base/error.ts';

/**
 * Matches a Fernet token of version 128 with a time before the year 2106. A line after it, in which the export tells how
 * many tokens it wrote, is ignored.
 */
export const FERNET = /^\s*(gAAAA[\w-]+={0,2})(?:\s+Success[\s\S]*)?\s*$/;

/** Decrypts a token. @param secret the contents of --key-file @throws TokenwrightError `bad_key` */
export function openFernet(token: string, secret: string | undefined): string {
  const key = Buffer.from(secret ?? '', 'base64url');
  if (secret === undefined || key.length !== 32) {
    throw new TokenwrightError('bad_key', 'the file is encrypted', {
      allowed: '--key-file FILE with the key that the export printed (44 characters)',
    });
  }
  const bytes = Buffer.from(FERNET.exec(token)?.[1] ?? '', 'base64url');
  const signed = bytes.subarray(0, -32);
  const wanted = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  const given = bytes.subarray(-32);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new TokenwrightError('bad_key', 'the file was encrypted with another key, or was changed');
  }
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), signed.subarray(9, 25));
  return Buffer.concat([decipher.update(signed.subarray(25)), decipher.final()]).toString();
}
