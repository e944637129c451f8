/**
 * mOTP (motp.sourceforge.net): the first six hexadecimal digits of MD5 over the time in tens of seconds, the key and a
 * PIN that the owner types into the app. The PIN is part of the secret, and is sealed with it.
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
/** The widest window, in steps to either side: a day. */
const WIDEST = 8640;
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
  /** Accepts `2 * count_window` steps to either side, as privacyIDEA. `count` is the last used step; 0 is none. */
  verify(secret, { count, count_window }, password, now) {
    const step = Math.floor(now / STEP_MS);
    const window = Math.min(Math.max(2 * count_window, 1), WIDEST);
    for (let at = Math.max(step - window, count + 1, 0); at < step + window; at += 1) {
      if (isPassword(Buffer.from(motpAt(secret, at)), password)) return { count: at };
    }
    return null;
  },
  challenged: 'by setting',
  refuseSecret: (secret) =>
    SECRET_FORM.test(Buffer.from(secret).toString())
      ? null
      : 'the PIN that its owner types into the app (motppin) is not given with the key',
});

/** Key in hexadecimal, colon, PIN. */
const SECRET_FORM = /^([0-9a-f]{2})+:.+$/s;

/** Makes the secret: the key in hexadecimal, a colon, the PIN. */
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
