/** A printed list of passwords (HOTP values of RFC 4226), used in their order. */
import * as z from 'zod/mini';
import { integerOption } from '../../schema/option.ts';
import { readStored, wholeNumber } from '../../text/stored-value.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import {
  DEFAULT_LIST,
  firstPasswords,
  HASH,
  LONGEST_LIST,
  lastHotp,
  resyncHotp,
  verifyHotp,
} from '../one-time-password.ts';
import { defineTokenType } from '../token-type.ts';

const STORED = { hashlib: HASH, papertoken_count: wholeNumber(1, LONGEST_LIST) };

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
      integerOption(`How many passwords the list has, at most ${LONGEST_LIST}; ${DEFAULT_LIST} by default.`, {
        min: 1,
        max: LONGEST_LIST,
      }),
    ),
  },
  check: checkKey,
  async make(parameters, source) {
    const { hashlib: hash = 'sha1', otplen: digits = 6, papertoken_count = DEFAULT_LIST } = parameters;
    const info = { hashlib: hash, papertoken_count: String(papertoken_count) };
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
  },
  announce: (made) => ({
    otps: made.secret ? { ...firstPasswords(made.secret, countOf(made) ?? DEFAULT_LIST, made) } : {},
  }),
  stored: STORED,
  verify(secret, state, password) {
    // An imported token may have no count: privacyIDEA does not store it.
    const left = (countOf(state) ?? Number.MAX_SAFE_INTEGER) - state.count;
    if (left <= 0) return null;
    return verifyHotp(secret, { ...state, count_window: Math.min(state.count_window, left) }, password);
  },
  challenged: 'by setting',
  lastUsed: lastHotp,
  resync: resyncHotp,
});

function countOf({ info }: { readonly info: Readonly<Record<string, string>> }): number | undefined {
  return readStored(info, 'papertoken_count', STORED.papertoken_count);
}
