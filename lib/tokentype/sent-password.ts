/** Shared by sms and email: HOTP passwords (RFC 4226) that are sent to an address. */
import * as z from 'zod/mini';
import { flagOption, textOption } from '../schema/option.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from './hmac-key.ts';
import { hashOf, passwordAt } from './one-time-password.ts';
import type { NewSecret, ParametersOf, PasswordState, SecretSource, SentPassword } from './token-type.ts';

export const sentParameters = { ...keyParameters, hashlib, otplen };
type SentParameters = ParametersOf<typeof sentParameters>;

export const address = (what: string) => z.optional(textOption(`${what}; by default that of the user.`));
export const dynamic = (what: string) =>
  z.optional(flagOption(`Whether ${what} is read from the directory at each login instead of being stored.`));
export const gateway = (what: string) => z.optional(textOption(`${what} that sends; by default that of the system.`));

export { checkKey as checkSent };

/** Makes the secret. @param addressed the tokeninfo that holds the address */
export async function makeSent(
  parameters: SentParameters,
  addressed: Readonly<Record<string, string | undefined>>,
  source: SecretSource,
): Promise<NewSecret> {
  const { hashlib: hash = 'sha1', otplen: digits = 6 } = parameters;
  const present = Object.entries(addressed).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  const info = { hashlib: hash, ...Object.fromEntries(present) };
  return { secret: await makeKey(parameters, hash, source), otplen: digits, info };
}

/** Returns the next password. The counter moves before it is sent, which invalidates earlier passwords. */
export function nextSent(secret: Uint8Array, state: PasswordState): SentPassword {
  const count = state.count + 1;
  return { password: passwordAt(secret, count, state.otplen, hashOf(state)), next: { count } };
}
