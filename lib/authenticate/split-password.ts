/** Splits a password into the PIN and the one-time password of a token, whose length is known. */
import { TokenwrightError } from '../base/error.ts';
import type { NextState } from '../tokentype/token-type.ts';
import type { Attempt, LoginCandidate } from './decision.ts';
import type { Settings } from './settings.ts';

export type SplitCandidate = LoginCandidate & SplitPassword;
interface SplitPassword {
  readonly pin: string;
  /** The one-time password; `null`: the password is too short to contain one. */
  readonly otp: string | null;
  /** The token's state after the one-time password; `null`: it does not match. */
  readonly next: NextState | null;
}

/**
 * Splits a password into PIN and one-time password, by characters and not by UTF-16 units, and verifies the latter. The
 * setting `PrependPin` says which of the two comes first.
 */
export function splitPassword(
  candidate: LoginCandidate,
  { password, now }: Attempt,
  { PrependPin }: Settings,
): SplitPassword {
  const { type, record } = candidate;
  if (password === null) return { pin: '', otp: null, next: null };
  if (type.pinOnly) return { pin: password, otp: '', next: verify(candidate, '', now) };
  const characters = [...password];
  const { otplen } = record.token;
  const at = PrependPin ? characters.length - otplen : otplen;
  if (characters.length < otplen) return { pin: '', otp: null, next: null };
  const [front, back] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
  const [pin, otp] = PrependPin ? [front, back] : [back, front];
  return { pin, otp, next: verify(candidate, otp, now) };
}

/**
 * Verifies a one-time password. @param now in milliseconds since 1970
 * @returns the token's state after the password; `null`: it does not match
 */
export function verify(
  { type, record, secret, challenge }: LoginCandidate,
  password: string,
  now: number,
): NextState | null {
  const state = { ...record.token, ...(challenge && { positions: challenge.positions }) };
  return nullIfUnreadable(() => type.verify(secret, state, password, now));
}

/** Returns `null` where a value of the token is unreadable: such a token accepts no password. */
export function nullIfUnreadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}
