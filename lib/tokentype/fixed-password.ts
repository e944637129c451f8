/**
 * Shared by pw, registration, applspec and indexedsecret: the secret is the password itself, given or generated. Length
 * and contents of a generated one are set as in privacyIDEA: `registration.length`, `registration.contents`.
 */
import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { flagOption, integerOption, textOption } from '../schema/option.ts';
import { transformWith } from '../schema/validate.ts';
import { LETTERS_AND_DIGITS } from '../secret/derive.ts';
import type { NewSecret, ParametersOf, SecretSource } from './token-type.ts';

export { checkSource as checkPassword } from './hmac-key.ts';

export const passwordParameters = {
  genkey: z.optional(flagOption('Whether the password is generated; by default 1 if there is no otpkey.')),
  otpkey: z.optional(textOption('The password.')),
};
type PasswordParameters = ParametersOf<typeof passwordParameters>;

/** The characters of a generated password. */
interface Contents {
  readonly alphabet: string;
  /** At least one character of each is used. */
  readonly required: readonly string[];
}

const CLASSES: Readonly<Record<string, string>> = {
  c: LETTERS_AND_DIGITS.replaceAll(/[0-9]/g, ''),
  n: '0123456789',
  s: '.:,;-_<>+*!/()=?$%&#~^',
};
const ALL = Object.values(CLASSES).join('');
/** Shorter passwords, or passwords of fewer characters, can be guessed within the failcounter of a few tokens. */
const SHORTEST = 8;
const LONGEST = 256;
const FEWEST_CHARACTERS = 10;
const CONTENTS =
  'cns: one of each (c letters, n digits, s other signs); +cn: one of them; -ns: none of them; [...]: these alone';

/** Makes the parameter for the length of a generated password. @param absent the default */
export const lengthParameter = (absent: number) =>
  z.optional(
    integerOption(`Characters of a generated password, ${SHORTEST} to ${LONGEST}; ${absent} by default.`, {
      min: SHORTEST,
      max: LONGEST,
    }),
  );

/** The options of a generated password. */
export const contentsParameter = z.optional(
  z
    .pipe(z.string(), transformWith(parseContents))
    .check(z.describe(`The characters of a generated password; letters and digits by default. ${CONTENTS}.`)),
);

/** @throws TokenwrightError `bad_option` */
function parseContents(text: string): Contents {
  const [, sign = '', classes = '', own = ''] = /^(?:([+-]?)([cns]+)|\[(.+)\])$/.exec(text) ?? [];
  const named = [...new Set(classes)].map((one) => CLASSES[one] ?? '');
  const alphabet = own === '' ? without(ALL, sign === '-' ? named.join('') : '') : [...new Set(own)].join('');
  if ((classes === '' && own === '') || alphabet.length < FEWEST_CHARACTERS) {
    const message = `must be made of ${FEWEST_CHARACTERS} different characters at least`;
    throw new TokenwrightError('bad_option', message, { given: text, allowed: CONTENTS });
  }
  if (sign === '-' || own !== '') return { alphabet, required: [] };
  return { alphabet, required: sign === '+' ? [named.join('')] : named };
}

const without = (all: string, excluded: string): string => [...all].filter((one) => !excluded.includes(one)).join('');

/** Makes the secret. @param length and `contents` of a generated password; letters and digits by default */
export async function makePassword(
  { otpkey }: PasswordParameters,
  { length, contents }: { readonly length: number; readonly contents?: Contents | undefined },
  source: SecretSource,
  info: Readonly<Record<string, string>> = {},
): Promise<NewSecret> {
  const password = otpkey ?? (await generate(length, contents, source));
  return { secret: Buffer.from(password), otplen: [...password].length, info };
}

async function generate(length: number, contents: Contents | undefined, source: SecretSource): Promise<string> {
  const { alphabet, required } = contents ?? { alphabet: LETTERS_AND_DIGITS, required: [] };
  const characters = [...(await source.text('password', alphabet, length))];
  if (required.length === 0) return characters.join('');
  const wanted = await Promise.all(required.map((set, i) => source.text(`password ${i}`, set, 1)));
  const places = await source.bytes('password places', length);
  // Each required character takes one of the places, in a derived order.
  const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
  for (const [i, character] of wanted.entries()) characters[order[i] ?? 0] = character;
  return characters.join('');
}

export function passwordOf({ secret }: NewSecret): string {
  return Buffer.from(secret ?? []).toString();
}

/** Compares in constant time. An empty secret has no password, not even the empty one. */
export function isPassword(secret: Uint8Array, password: string): boolean {
  const bytes = Buffer.from(password);
  return secret.length > 0 && bytes.length === secret.length && timingSafeEqual(bytes, secret);
}
