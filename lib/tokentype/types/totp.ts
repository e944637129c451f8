/** TOTP (RFC 6238): passwords by time. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { readStored, SECONDS, wholeNumber } from '../../text/stored-value.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { announceKey } from '../key-uri.ts';
import { HASH, hashOf, lastTotp, resyncTotp, type TokenClock, verifyTotp } from '../one-time-password.ts';
import { defineTokenType, type PasswordState } from '../token-type.ts';

const DEFAULT_STEP = 30;
const DEFAULT_WINDOW = 180;
const MAX_STEP = 3600;
const MAX_WINDOW = 86_400;
const YEAR = 31_536_000;
const STORED = {
  hashlib: HASH,
  timeStep: wholeNumber(1, MAX_STEP),
  timeWindow: wholeNumber(0, MAX_WINDOW),
  timeShift: SECONDS,
};

export const totp = defineTokenType({
  name: 'totp',
  prefix: 'TOTP',
  description: 'One-time passwords by time (RFC 6238), by an app or a hardware token.',
  tokenkind: 'software',
  parameters: {
    ...keyParameters,
    hashlib,
    otplen,
    timeStep: z.optional(integerOption('Seconds of a time step; 30 by default.', { min: 1, max: MAX_STEP })),
    timeWindow: z.optional(
      integerOption("Seconds by which the token's clock may differ; 180 by default.", { min: 0, max: MAX_WINDOW }),
    ),
    timeShift: z.optional(
      integerOption("Seconds by which the token's clock is known to differ; 0 by default.", {
        min: -YEAR,
        max: YEAR,
      }),
    ),
  },
  check: checkKey,
  async make(parameters, source) {
    const { hashlib: hash = 'sha1', otplen: digits = 6 } = parameters;
    const { timeStep = DEFAULT_STEP, timeWindow = DEFAULT_WINDOW, timeShift = 0 } = parameters;
    const info = {
      hashlib: hash,
      timeStep: String(timeStep),
      timeWindow: String(timeWindow),
      timeShift: String(timeShift),
    };
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
  },
  announce: (made, naming) => {
    const { secret, otplen: digits } = made;
    if (!secret) return {};
    return announceKey({ secret, algorithm: hashOf(made), digits }, naming, periodOf(made));
  },
  stored: STORED,
  verify(secret, state, password, now) {
    const found = verifyTotp(secret, state, password, now, clockOf(state));
    // privacyIDEA stores the drift as a number with a decimal point.
    return found && { count: found.count, info: { timeShift: found.shift.toFixed(1) } };
  },
  challenged: 'by setting',
  lastUsed: lastTotp,
  resync: resyncTotp(clockOf),
});

function clockOf(state: Pick<PasswordState, 'info'>): TokenClock {
  const window = readStored(state.info, 'timeWindow', STORED.timeWindow) ?? DEFAULT_WINDOW;
  const shift = readStored(state.info, 'timeShift', STORED.timeShift) ?? 0;
  return { period: periodOf(state), window, shift };
}

function periodOf({ info }: { readonly info: Readonly<Record<string, string>> }): number {
  return readStored(info, 'timeStep', STORED.timeStep) ?? DEFAULT_STEP;
}
