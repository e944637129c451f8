/** A printed list of passwords, to be used in their order. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { readStored, wholeNumber } from '../../text/stored-value.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { HASH, lastHotp, verifyHotp } from '../one-time-password.ts';
import { DEFAULT_COUNT, MAX_COUNT, passwordList } from '../password-list.ts';
import { defineTokenType } from '../token-type.ts';

const STORED = { hashlib: HASH, papertoken_count: wholeNumber(1, MAX_COUNT) };

export const paper = defineTokenType({
  name: 'paper',
  prefix: 'PPR',
  description: 'A printed list of one-time passwords, used in their order.',
  tokenkind: 'software',
  parameters: {
    ...keyParameters,
    hashlib,
    otplen,
    papertoken_count: z.optional(
      integerOption(`How many passwords the list has, at most ${MAX_COUNT}; ${DEFAULT_COUNT} where absent.`, {
        min: 1,
        max: MAX_COUNT,
      }),
    ),
  },
  check: checkKey,
  async make(parameters, source) {
    const { hashlib: hash = 'sha1', otplen: digits = 6, papertoken_count = DEFAULT_COUNT } = parameters;
    const info = { hashlib: hash, papertoken_count: String(papertoken_count) };
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
  },
  announce: (made) => ({ otps: passwordList(made, countOf(made) ?? DEFAULT_COUNT) }),
  stored: STORED,
  verify(secret, state, password) {
    // privacyIDEA does not keep how long a list is.
    const left = (countOf(state) ?? Number.MAX_SAFE_INTEGER) - state.count;
    if (left <= 0) return null;
    return verifyHotp(secret, { ...state, count_window: Math.min(state.count_window, left) }, password);
  },
  challenged: 'by setting',
  lastUsed: lastHotp,
});

function countOf({ info }: { readonly info: Readonly<Record<string, string>> }): number | undefined {
  return readStored(info, 'papertoken_count', STORED.papertoken_count);
}
