/** What pw, registration and applspec have in common: a secret that is the password itself. */
import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { flagOption, textOption } from '../schema/option.ts';
import { LETTERS_AND_DIGITS } from '../secret/derive.ts';
import type { Made, ParametersOf, SecretSource } from './token-type.ts';

export const passwordParameters = {
  genkey: z.optional(flagOption('Whether the password is generated; 1 where absent and no otpkey is given.')),
  otpkey: z.optional(textOption('The password.')),
};
type PasswordParameters = ParametersOf<typeof passwordParameters>;

export { checkSource as checkPassword } from './key-source.ts';

/** @param length of a generated one, in letters and digits */
export async function makePassword(
  { otpkey }: PasswordParameters,
  length: number,
  source: SecretSource,
  info: Readonly<Record<string, string>> = {},
): Promise<Made> {
  const password = otpkey ?? (await source.text('password', LETTERS_AND_DIGITS, length));
  return { secret: Buffer.from(password), otplen: [...password].length, info };
}

export function passwordOf({ secret }: Made): string {
  return Buffer.from(secret ?? []).toString();
}

/** In a time that tells nothing of where they differ. No secret at all has no password, not even the empty one. */
export function isPassword(secret: Uint8Array, given: string): boolean {
  const bytes = Buffer.from(given);
  return secret.length > 0 && bytes.length === secret.length && timingSafeEqual(bytes, secret);
}
