/** A password for a day (TOTP, RFC 6238, with a long time step) that may be used several times within its day. */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { transformWith } from '../../schema/validate.ts';
import { readStored, type StoredKind } from '../../text/stored-value.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { announceKey } from '../key-uri.ts';
import { HASH, hashOf, lastTotp, verifyTotp } from '../one-time-password.ts';
import { defineTokenType } from '../token-type.ts';

const DAY = 86_400;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY };

const ALLOWED = 'seconds, or a number and s, m, h or d, up to 366d';
/** privacyIDEA stores the period as it was typed: `24h`. */
const STORED = { hashlib: HASH, timeStep: { read: readDuration, allowed: ALLOWED } satisfies StoredKind<number> };

const duration = z
  .pipe(z.union([z.string(), z.number()]), transformWith(parseDuration))
  .check(z.describe('How long a password is valid, in seconds or as 30m, 24h or 7d; 24h by default.'));

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
    return announceKey({ secret, algorithm: hashOf(made), digits }, naming, periodOf(made), 'daypassword');
  },
  stored: STORED,
  verify(secret, state, password, now) {
    const clock = { period: periodOf(state), window: 0, shift: 0 };
    const found = verifyTotp(secret, { ...state, count: 0 }, password, now, clock);
    return found && { count: found.count };
  },
  challenged: 'by setting',
  lastUsed: lastTotp,
});

function periodOf({ info }: { readonly info: Readonly<Record<string, string>> }): number {
  return readStored(info, 'timeStep', STORED.timeStep) ?? DAY;
}

function parseDuration(value: string | number): number {
  const seconds = readDuration(String(value));
  if (seconds !== null) return seconds;
  throw new TokenwrightError('bad_option', `"${value}" is no duration`, { given: value, allowed: ALLOWED });
}

function readDuration(text: string): number | null {
  const [, digits, unit = 's'] = /^\s*([0-9]{1,8})\s*([smhd])?\s*$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS[unit] ?? Number.NaN);
  return seconds >= 1 && seconds <= 366 * DAY ? seconds : null;
}
