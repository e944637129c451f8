/** The passwords of a printed list: HOTP values (RFC 4226) of the counters from 0 on. */
import { type HashName, hashOf, passwordAt } from './one-time-password.ts';
import type { Made } from './token-type.ts';

export const DEFAULT_COUNT = 100;
export const MAX_COUNT = 1000;

/** By position, as privacyIDEA announces them. */
export function passwordList(made: Made, count: number): Record<string, string> {
  const { secret, otplen } = made;
  if (!secret) return {};
  const hash: HashName = hashOf(made);
  return Object.fromEntries(
    Array.from({ length: count }, (_, counter) => [String(counter), passwordAt(secret, counter, otplen, hash)]),
  );
}
