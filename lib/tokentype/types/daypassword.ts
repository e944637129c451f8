/** A password for a day (RFC 6238 with a long step): unlike a one-time password it may be used again within its day. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { transformWith } from '../../schema/validate.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { announceKey } from '../key-uri.ts';
import { hashOf, infoNumber, verifyTotp } from '../one-time-password.ts';
import { defineTokenType } from '../token-type.ts';

const DAY = 86_400;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY };

const duration = z
  .pipe(z.union([z.string(), z.number()]), transformWith(readDuration))
  .check(z.describe('How long a password is good, in seconds or as 30m, 24h or 7d; 24h where absent.'));

export const daypassword = defineTokenType({
  name: 'daypassword',
  prefix: 'DYPW',
  description: 'A password that changes every day.',
  tokenkind: 'software',
  parameters: { ...keyParameters, hashlib, otplen, timeStep: z.optional(duration) },
  check: checkKey,
  async make(parameters, source) {
    const { hashlib: hash = 'sha1', otplen: digits = 6, timeStep = DAY } = parameters;
    const info = { hashlib: hash, timeStep: String(timeStep) };
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
  },
  announce: (made, naming) => {
    const { secret, otplen: digits } = made;
    if (!secret) return {};
    return announceKey({ secret, algorithm: hashOf(made), digits }, naming, infoNumber(made, 'timeStep', DAY));
  },
  verify(secret, state, password, now) {
    const period = Math.max(1, infoNumber(state, 'timeStep', DAY));
    return verifyTotp(secret, { ...state, count: 0 }, password, now, { period, window: 0 }) ? {} : null;
  },
});

function readDuration(value: string | number): number {
  const [, digits, unit = 's'] = /^\s*(\d{1,8})\s*([smhd])?\s*$/.exec(String(value)) ?? [];
  const seconds = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (seconds >= 1 && seconds <= 366 * DAY) return seconds;
  throw new TokenwrightError('bad_option', `"${value}" is no duration`, {
    given: value,
    allowed: 'seconds, or a number and s, m, h or d, up to 366d',
  });
}
