/**
 * A printed list of passwords, used in any order, each once (HOTP values of RFC 4226). Of a generated list only the key
 * is stored, 20 bytes instead of 700; a given list (`tans`) is stored itself. Used passwords are bits, in hexadecimal.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../../base/error.ts';
import { integerOption, textOption } from '../../schema/option.ts';
import { readStored, type StoredKind, wholeNumber } from '../../text/stored-value.ts';
import { isPassword } from '../fixed-password.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from '../hmac-key.ts';
import { DEFAULT_LIST, firstPasswords, HASH, LONGEST_LIST } from '../one-time-password.ts';
import { defineTokenType } from '../token-type.ts';

const USED = 'tan.used';
const COUNT = 'tantoken_count';
const usedBits: StoredKind<bigint> = {
  allowed: `up to ${LONGEST_LIST / 4} hexadecimal digits`,
  read: (text) => (/^[0-9a-f]+$/i.test(text) && text.length <= LONGEST_LIST / 4 ? BigInt(`0x${text}`) : null),
};
const STORED = { hashlib: HASH, [COUNT]: wholeNumber(1, LONGEST_LIST), [USED]: usedBits };

export const tan = defineTokenType({
  name: 'tan',
  prefix: 'PITN',
  description: 'A printed list of one-time passwords, used in any order.',
  tokenkind: 'software',
  parameters: {
    ...keyParameters,
    hashlib,
    otplen,
    tantoken_count: z.optional(
      integerOption(`How many passwords the list has, at most ${LONGEST_LIST}; ${DEFAULT_LIST} by default.`, {
        min: 1,
        max: LONGEST_LIST,
      }),
    ),
    tans: z.optional(textOption('The list itself, separated by spaces, instead of a generated one.')),
  },
  check(parameters) {
    if (parameters.tans === undefined) {
      checkKey(parameters);
      return;
    }
    if (isTanList(split(parameters.tans))) return;
    const allowed = `1 to ${LONGEST_LIST} different ones of one length, separated by spaces`;
    throw new TokenwrightError('bad_option', 'the tans are no list', { path: 'tans', allowed });
  },
  async make(parameters, source) {
    const { tans, hashlib: hash = 'sha1', otplen: digits = 6, tantoken_count = DEFAULT_LIST } = parameters;
    if (tans !== undefined) {
      const list = split(tans);
      return { secret: Buffer.from(list.join(' ')), otplen: list[0]?.length ?? digits, info: {} };
    }
    const info = { hashlib: hash, [COUNT]: String(tantoken_count) };
    return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
  },
  announce: (made) => ({
    otps: made.secret ? { ...listOf(made.secret, made) } : {},
  }),
  stored: STORED,
  verify(secret, state, password) {
    readStored(state.info, 'hashlib', HASH); // a given list does not need it, but it must be readable there as well
    const used = readStored(state.info, USED, usedBits) ?? 0n;
    const at = listOf(secret, state).findIndex((one) => isPassword(Buffer.from(one), password));
    const bit = at < 0 ? 0n : 1n << BigInt(at);
    if (bit === 0n || (used & bit) !== 0n) return null;
    return { info: { [USED]: (used | bit).toString(16) } };
  },
  challenged: 'by setting',
  refuseSecret(secret, state) {
    if (countOf(state) !== undefined) return null;
    const isList = isTanList(split(Buffer.from(secret).toString()), state.otplen);
    return isList ? null : 'its secret is neither a list of TANs nor a key with a tantoken_count in tokeninfo';
  },
});

type Listed = { readonly otplen: number; readonly info: Readonly<Record<string, string>> };

function listOf(secret: Uint8Array, state: Listed): readonly string[] {
  const count = countOf(state);
  return count === undefined ? split(Buffer.from(secret).toString()) : firstPasswords(secret, count, state);
}

function countOf({ info }: Listed): number | undefined {
  return readStored(info, COUNT, STORED[COUNT]);
}

/** Different ones of one length. */
function isTanList(tans: readonly string[], length = tans[0]?.length): boolean {
  const isSized = tans.length > 0 && tans.length <= LONGEST_LIST;
  return isSized && tans.every((one) => one.length === length) && new Set(tans).size === tans.length;
}

function split(tans: string): string[] {
  return tans.split(/\s+/).filter(Boolean);
}
