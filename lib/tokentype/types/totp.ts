/** TOTP (RFC 6238): a password for each half minute. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { announceKey } from '../key-uri.ts';
import { hashOf, infoNumber, verifyTotp } from '../one-time-password.ts';
import { defineTokenType } from '../token-type.ts';

const DEFAULT_STEP = 30;
const DEFAULT_WINDOW = 180;

export const totp = defineTokenType({
  name: 'totp',
  prefix: 'TOTP',
  description: 'One-time passwords by time (RFC 6238), by an app or a hardware token.',
  tokenkind: 'software',
  parameters: {
    ...keyParameters,
    hashlib,
    otplen,
    timeStep: z.optional(integerOption('Seconds of a time step; 30 where absent.', { min: 1, max: 3600 })),
    timeWindow: z.optional(
      integerOption("Seconds by which the token's clock may differ; 180 where absent.", { min: 0, max: 86_400 }),
    ),
    timeShift: z.optional(
      integerOption("Seconds by which the token's clock is known to differ; 0 where absent.", {
        min: -31_536_000,
        max: 31_536_000,
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
  verify: (secret, state, password, now) =>
    verifyTotp(secret, state, password, now, {
      period: periodOf(state),
      window: infoNumber(state, 'timeWindow', DEFAULT_WINDOW),
    }),
});

function periodOf(state: { readonly info: Readonly<Record<string, string>> }): number {
  return Math.max(1, infoNumber(state, 'timeStep', DEFAULT_STEP));
}
