/** HOTP (RFC 4226) and TOTP (RFC 6238) by otplib, on Node's own HMAC, with the limits that real tokens need. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type CryptoPlugin, createGuardrails, generateSync, verifySync } from 'otplib';
import { infoValue } from '../token/token.ts';
import type { NextState, Resync, TokenState } from './token-type.ts';

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

/** Keys of hardware tokens may be short, the peer's windows are wide, a day password's period is a day. */
const guardrails = createGuardrails({ MIN_SECRET_BYTES: 1, MAX_WINDOW: 2000, MAX_PERIOD: 366 * 86_400 });
const WIDEST = 2000;

/** The password of one counter. */
export function passwordAt(secret: Uint8Array, counter: number, digits: number, algorithm: HashName): string {
  return generateSync({ strategy: 'hotp', secret, counter, digits, algorithm, crypto, guardrails });
}

/** Accepts the password of the counters from the next unused one on, within the token's window. */
export function verifyHotp(secret: Uint8Array, state: TokenState, password: string): NextState | null {
  const { count: counter, otplen: digits, count_window } = state;
  if (!isCode(password, digits)) return null;
  const tolerance = Math.min(Math.max(count_window, 1), WIDEST) - 1;
  const result = verifySync({
    ...{ strategy: 'hotp' as const, secret, counter, digits, token: password, crypto, guardrails },
    algorithm: hashOf(state),
    counterTolerance: [0, tolerance],
  });
  return result.valid ? { count: counter + result.delta + 1 } : null;
}

/**
 * Accepts a password of the time steps within the window, each once: `count` is the first unused step.
 *
 * @param window in seconds, to either side
 * @returns also how far the token's clock is off, so that one that drifts stays within the window
 */
export function verifyTotp(
  secret: Uint8Array,
  state: TokenState,
  password: string,
  now: number,
  { period, window }: { readonly period: number; readonly window: number },
): NextState | null {
  const { count, otplen: digits } = state;
  if (!isCode(password, digits)) return null;
  const shift = infoNumber(state, 'timeShift', 0);
  const epoch = Math.floor(now / 1000) + shift;
  const steps = Math.min(Math.floor(window / period), WIDEST);
  if (epoch < 0 || count > Math.floor(epoch / period) + steps) return null;
  const result = verifySync({
    ...{ strategy: 'totp' as const, secret, digits, period, epoch, token: password, crypto, guardrails },
    algorithm: hashOf(state),
    epochTolerance: steps * period,
    ...(count > 0 ? { afterTimeStep: count - 1 } : {}),
  });
  if (!result.valid || !('timeStep' in result)) return null;
  const drifted = result.delta === 0 ? {} : { info: { timeShift: String(shift + result.delta * period) } };
  return { count: result.timeStep + 1, ...drifted };
}

/** The password of the counter before the next unused one. */
export function lastHotp(secret: Uint8Array, state: TokenState): string | null {
  return state.count > 0 ? passwordAt(secret, state.count - 1, state.otplen, hashOf(state)) : null;
}

/** The password of the last used time step. */
export function lastTotp(secret: Uint8Array, state: TokenState): string | null {
  return state.count > 0 ? passwordAt(secret, state.count, state.otplen, hashOf(state)) : null;
}

/** Looks `sync_window` counters ahead. */
export const resyncHotp: Resync = {
  find(secret, state, password, _now, from) {
    const start = state.count + (from === 'window' ? Math.max(1, state.count_window) : 0);
    return findPassword(secret, state, password, start, start + state.sync_window - 1);
  },
  settle: (_state, position) => ({ count: position + 1 }),
};

/** Looks `sync_window` time steps to either side, but never at a step that was used. @param periodOf seconds of a step */
export function resyncTotp(periodOf: (state: TokenState) => number): Resync {
  return {
    find(secret, state, password, now) {
      const present = Math.floor(now / 1000 / periodOf(state));
      const start = Math.max(state.count + 1, present - state.sync_window);
      return findPassword(secret, state, password, start, present + state.sync_window);
    },
    settle: (state, position, now) => {
      const timeShift = position * periodOf(state) - Math.floor(now / 1000);
      return { count: position, info: { timeShift: String(timeShift) } };
    },
  };
}

/** How far a resync looks, whatever the token says. */
const FARTHEST = 10_000;

/** The first counter from `start` to `end` whose password it is. */
function findPassword(
  secret: Uint8Array,
  state: TokenState,
  password: string,
  start: number,
  end: number,
): number | null {
  if (!isCode(password, state.otplen)) return null;
  const last = Math.min(end, start + FARTHEST);
  for (let counter = Math.max(0, start); counter <= last; counter += 1) {
    if (passwordAt(secret, counter, state.otplen, hashOf(state)) === password) return counter;
  }
  return null;
}

export function hashOf(state: Pick<TokenState, 'info'>): HashName {
  const name = infoValue(state, 'hashlib');
  return name === 'sha256' || name === 'sha512' ? name : 'sha1';
}

/** A whole number kept in tokeninfo. */
export function infoNumber(state: Pick<TokenState, 'info'>, key: string, fallback: number): number {
  const text = infoValue(state, key)?.trim() ?? '';
  return /^-?\d{1,9}$/.test(text) ? Number(text) : fallback;
}

/** otplib throws at a password of another length: here that is only a wrong one. */
function isCode(password: string, digits: number): boolean {
  return password.length === digits && /^\d+$/.test(password);
}
