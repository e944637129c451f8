/**
 * mOTP (motp.sourceforge.net): the first six hexadecimal digits of MD5 over the time in tens of seconds, the key and a
 * PIN that its owner types into the app. The PIN is part of the secret, and kept like it.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { textOption } from '../../schema/option.ts';
import { isPassword } from '../fixed-password.ts';
import { checkKey, keyParameters, makeKey } from '../hmac-key.ts';
import { announceSecret, withQrCode } from '../key-uri.ts';
import { defineTokenType } from '../token-type.ts';

const STEP_MS = 10_000;
/** Steps to either side: three minutes, as mOTP's own servers take them. */
const WINDOW = 18;
const LENGTH = 6;
const KEY_BYTES = 16;

export const motp = defineTokenType({
  name: 'motp',
  prefix: 'PIMO',
  description: 'One-time passwords by time and a PIN that is typed into the app (mOTP).',
  tokenkind: 'software',
  parameters: { ...keyParameters, motppin: z.optional(textOption('The PIN that its owner types into the app.')) },
  check(parameters) {
    if (!parameters.motppin) {
      const message = 'a motp token needs a PIN that its owner types into the app';
      throw new TokenwrightError('bad_option', message, { path: 'motppin', allowed: 'a PIN, such as four digits' });
    }
    checkKey(parameters);
  },
  async make(parameters, source) {
    const key = await makeKey({ ...parameters, keysize: parameters.keysize ?? KEY_BYTES }, 'sha1', source);
    return { secret: motpSecret(key, parameters.motppin ?? ''), otplen: LENGTH, info: {} };
  },
  announce({ secret }, { serial, issuer }) {
    if (!secret) return {};
    const [hex = ''] = partsOf(secret);
    const uri = `motp://${encodeURIComponent(issuer)}:${encodeURIComponent(serial)}?secret=${hex}`;
    return { ...announceSecret(Buffer.from(hex, 'hex')), motpurl: withQrCode('URL for mOTP apps', uri) };
  },
  verify(secret, { count }, password, now) {
    const step = Math.floor(now / STEP_MS);
    for (let at = Math.max(step - WINDOW, count, 0); at <= step + WINDOW; at += 1) {
      if (isPassword(Buffer.from(motpAt(secret, at)), password.toLowerCase())) return { count: at + 1 };
    }
    return null;
  },
});

/** The secret as it is sealed: key in hexadecimal, a colon, PIN. */
export function motpSecret(key: Uint8Array, pin: string): Uint8Array {
  return Buffer.from(`${Buffer.from(key).toString('hex')}:${pin}`);
}

function motpAt(secret: Uint8Array, step: number): string {
  const [hex = '', pin = ''] = partsOf(secret);
  return createHash('md5').update(`${step}${hex}${pin}`).digest('hex').slice(0, LENGTH);
}

function partsOf(secret: Uint8Array): [hex: string, pin: string] {
  const text = Buffer.from(secret).toString();
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
