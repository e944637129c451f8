/** What sms and email have in common: HOTP passwords (RFC 4226) that the authentication system sends to an address. */
import * as z from 'zod/mini';
import { flagOption, textOption } from '../schema/option.ts';
import { checkKey, hashlib, keyParameters, makeKey, otplen } from './hmac-key.ts';
import { hashOf, passwordAt } from './one-time-password.ts';
import type { NewSecret, ParametersOf, PasswordState, SecretSource, SentPassword } from './token-type.ts';

export const sentParameters = { ...keyParameters, hashlib, otplen };
type SentParameters = ParametersOf<typeof sentParameters>;

export const address = (what: string) => z.optional(textOption(`${what}; the user's own where absent.`));
export const dynamic = (what: string) =>
  z.optional(flagOption(`Whether ${what} is read from the directory at each login, and not kept.`));
export const gateway = (what: string) =>
  z.optional(textOption(`${what} that sends; the system's default where absent.`));

export { checkKey as checkSent };

/** @param addressed where to send, as tokeninfo */
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

/** The counter moves before its password is sent: what was sent before is dead then. */
export function nextSent(secret: Uint8Array, state: PasswordState): SentPassword {
  const count = state.count + 1;
  return { password: passwordAt(secret, count, state.otplen, hashOf(state)), next: { count } };
}
