/** HOTP (RFC 4226) and TOTP (RFC 6238) by otplib, on Node's HMAC, with the windows and key lengths of real tokens. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type CryptoPlugin, createGuardrails, generateSync, verifySync } from 'otplib';
import { oneWordOf, readStored, type StoredKind } from '../text/stored-value.ts';
import type { NextState, PasswordState, Resync } from './token-type.ts';

export type HashName = 'sha1' | 'sha256' | 'sha512';

const crypto: CryptoPlugin = {
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes,
  constantTimeEqual: (a, b) => {
    const [one, other] = [Buffer.from(a), Buffer.from(b)];
    return one.length === other.length && timingSafeEqual(one, other);
  },
};

/** The widest window, in time steps or counters to either side: the manual's 86,400 seconds in steps of 30. */
const WIDEST = 2880;
/** Allows short keys of hardware tokens, privacyIDEA's wide windows, and the period of a day password. */
const guardrails = createGuardrails({ MIN_SECRET_BYTES: 1, MAX_WINDOW: 2 * WIDEST, MAX_PERIOD: 366 * 86_400 });
/** The largest clock drift, in seconds, that verification learns. */
const MAX_LEARNT_SHIFT = 86_400;

export const HASH: StoredKind<HashName> = oneWordOf('sha1', 'sha256', 'sha512');

/** Computes the password of a counter. */
export function passwordAt(secret: Uint8Array, counter: number, digits: number, algorithm: HashName): string {
  return generateSync({ strategy: 'hotp', secret, counter, digits, algorithm, crypto, guardrails });
}

/** Accepts a password of the next unused counters, within `count_window`. */
export function verifyHotp(secret: Uint8Array, state: PasswordState, password: string): NextState | null {
  const { count: counter, otplen: digits, count_window } = state;
  const algorithm = hashOf(state);
  if (!isCode(password, digits)) return null;
  const tolerance = Math.min(Math.max(count_window, 1), WIDEST) - 1;
  const result = verifySync({
    ...{ strategy: 'hotp' as const, secret, counter, digits, token: password, crypto, guardrails },
    algorithm,
    counterTolerance: [0, tolerance],
  });
  return result.valid ? { count: counter + result.delta + 1 } : null;
}

/**
 * Accepts a password of the time steps within the window, each once. `count` is the last used step; 0 is none.
 *
 * @param now in milliseconds since 1970
 * @param clock `period` of a step and `window` to either side, in seconds; `shift` is the known
 *   drift of the token's clock, in seconds. Of a window of w steps the last one ahead is w - 1, as in privacyIDEA.
 * @returns `count`, and the drift that the password shows; `null` if it is not accepted
 */
export function verifyTotp(
  secret: Uint8Array,
  state: PasswordState,
  password: string,
  now: number,
  { period, window, shift }: TokenClock,
): { readonly count: number; readonly shift: number } | null {
  const { count, otplen: digits } = state;
  const algorithm = hashOf(state);
  if (!isCode(password, digits)) return null;
  const seconds = Math.floor(now / 1000);
  const centre = Math.floor((seconds + shift) / period);
  const [behind, ahead] = stepsAround(Math.floor(window / period));
  if (centre < 0 || count > centre + ahead) return null;
  const result = verifySync({
    ...{ strategy: 'totp' as const, secret, digits, period, token: password, crypto, guardrails, algorithm },
    epoch: centre * period,
    epochTolerance: [behind * period, ahead * period],
    ...(count > 0 ? { afterTimeStep: count } : {}),
  });
  if (!result.valid || !('timeStep' in result)) return null;
  const bound = Math.max(MAX_LEARNT_SHIFT, Math.abs(shift));
  const seen = result.timeStep * period - seconds;
  return { count: result.timeStep, shift: Math.min(Math.max(seen, -bound), bound) };
}

function stepsAround(steps: number): [behind: number, ahead: number] {
  const capped = Math.min(steps, WIDEST);
  return [capped, Math.max(capped - 1, 0)];
}

/** Returns the password of the last used counter. */
export function lastHotp(secret: Uint8Array, state: PasswordState): string | null {
  return state.count > 0 ? passwordAt(secret, state.count - 1, state.otplen, hashOf(state)) : null;
}

/** Returns the password of the last used time step. */
export function lastTotp(secret: Uint8Array, state: PasswordState): string | null {
  return state.count > 0 ? passwordAt(secret, state.count, state.otplen, hashOf(state)) : null;
}

/** Resynchronizes HOTP: searches `sync_window` counters ahead. */
export const resyncHotp: Resync = {
  isTimed: true,
  find(secret, state, password, _now, from) {
    const start = state.count + (from === 'window' ? Math.max(1, state.count_window) : 0);
    return findPassword(secret, state, password, start, start + state.sync_window - 1);
  },
  settle: (_state, position) => ({ count: position + 1 }),
};

/** The clock of a TOTP token: `period` of a step, `window` to either side and known drift, in seconds. */
export interface TokenClock {
  readonly period: number;
  readonly window: number;
  readonly shift: number;
}

/**
 * Resynchronizes TOTP: searches `sync_window` time steps to either side, unused ones only. The search of a login is
 * shifted by the window, as in privacyIDEA.
 */
export function resyncTotp(clockOf: (state: PasswordState) => TokenClock): Resync {
  return {
    find(secret, state, password, now, from) {
      const { period, window, shift } = clockOf(state);
      const present = Math.floor((Math.floor(now / 1000) + shift) / period);
      const centre = present + (from === 'window' ? Math.floor(window / period) : 0);
      const start = Math.max(state.count + 1, centre - state.sync_window);
      return findPassword(secret, state, password, start, centre + state.sync_window - 1);
    },
    settle: (state, position, now) => {
      const timeShift = position * clockOf(state).period - Math.floor(now / 1000);
      return { count: position, info: { timeShift: timeShift.toFixed(1) } };
    },
  };
}

/** The most positions that a resync searches. */
const FARTHEST = 10_000;

/** Finds the first counter from `start` to `end` that has the password. */
function findPassword(
  secret: Uint8Array,
  state: PasswordState,
  password: string,
  start: number,
  end: number,
): number | null {
  if (secret.length === 0 || !isCode(password, state.otplen)) return null;
  const last = Math.min(end, start + FARTHEST);
  for (let counter = Math.max(0, start); counter <= last; counter += 1) {
    if (passwordAt(secret, counter, state.otplen, hashOf(state)) === password) return counter;
  }
  return null;
}

/** Reads the hash of a token; SHA-1 by default. @throws TokenwrightError `unreadable_value` */
export function hashOf({ info }: Pick<PasswordState, 'info'>): HashName {
  return readStored(info, 'hashlib', HASH) ?? 'sha1';
}

/** Tells whether a password has the right form: otplib throws for another length. */
function isCode(password: string, digits: number): boolean {
  return password.length === digits && /^[0-9]+$/.test(password);
}

/** How many passwords a printed list has, by default and at most. */
export const DEFAULT_LIST = 100;
export const LONGEST_LIST = 1000;

/** Computes the passwords of the counters from 0 on, for a printed list. */
export function firstPasswords(
  secret: Uint8Array,
  count: number,
  state: Pick<PasswordState, 'otplen' | 'info'>,
): readonly string[] {
  const hash = hashOf(state);
  return Array.from({ length: count }, (_, counter) => passwordAt(secret, counter, state.otplen, hash));
}
