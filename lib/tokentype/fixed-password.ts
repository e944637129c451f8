/**
 * What pw, registration and applspec have in common: a secret that is the password itself, given or generated. How long a
 * generated one is and what it is made of can be said as in privacyIDEA: `registration.length`, `registration.contents`.
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
  genkey: z.optional(flagOption('Whether the password is generated; 1 where absent and no otpkey is given.')),
  otpkey: z.optional(textOption('The password.')),
};
type PasswordParameters = ParametersOf<typeof passwordParameters>;

/** What a generated password is made of. */
interface Contents {
  readonly alphabet: string;
  /** One character of each is in it. */
  readonly required: readonly string[];
}

const CLASSES: Readonly<Record<string, string>> = {
  c: LETTERS_AND_DIGITS.replaceAll(/[0-9]/g, ''),
  n: '0123456789',
  s: '.:,;-_<>+*!/()=?$%&#~^',
};
const ALL = Object.values(CLASSES).join('');
/** Shorter ones, or of fewer characters, can be guessed within the failcounter of a few tokens. */
const SHORTEST = 8;
const LONGEST = 256;
const FEWEST_CHARACTERS = 10;
const CONTENTS =
  'cns: one of each (c letters, n digits, s other signs); +cn: one of them; -ns: none of them; [...]: these alone';

/** How long a generated password is. */
export const lengthParameter = (absent: number) =>
  z.optional(
    integerOption(`Characters of a generated password, ${SHORTEST} to ${LONGEST}; ${absent} where absent.`, {
      min: SHORTEST,
      max: LONGEST,
    }),
  );

/** What a generated password is made of. */
export const contentsParameter = z.optional(
  z
    .pipe(z.string(), transformWith(parseContents))
    .check(z.describe(`What a generated password is made of; letters and digits where absent. ${CONTENTS}.`)),
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

/** @param length of a generated one; `contents`: what it is made of, else letters and digits */
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
  // Each required character takes one of the places in an order that the derivation alone decides.
  const order = [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
  for (const [i, character] of wanted.entries()) characters[order[i] ?? 0] = character;
  return characters.join('');
}

export function passwordOf({ secret }: NewSecret): string {
  return Buffer.from(secret ?? []).toString();
}

/** In a time that tells nothing of where they differ. No secret at all has no password, not even the empty one. */
export function isPassword(secret: Uint8Array, password: string): boolean {
  const bytes = Buffer.from(password);
  return secret.length > 0 && bytes.length === secret.length && timingSafeEqual(bytes, secret);
}
