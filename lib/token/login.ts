/**
 * Computes the record after a login. A login is never delivered twice, so it needs no ledger entry, but steps of older
 * events may still arrive. Its assignments are stamped, so that those steps do not overwrite them. What it adds to the
 * failcounter is stored as one increment per minute, so that an older "set failcounter" adds it again.
 */

import { isInfoPath } from './effect.ts';
import { attributeHash, DEFAULT_LEDGER_LIMITS, type LedgerLimits, stepHash } from './ledger.ts';
import { type TokenRecord, withStep } from './record.ts';
import type { Stamp } from './stamp.ts';
import { changesBetween } from './view.ts';

/** The definition id of the increments of logins. */
const LOGINS = -1;
const MINUTE = 60_000;
/** The attributes other than tokeninfo that steps assign too. */
const ASSIGNED: ReadonlySet<string> = new Set(['active', 'description', 'maxfail', 'count_window']);

export interface Login {
  /** The time of the login, in milliseconds since 1970. */
  readonly now: number;
  /** Whether it sets the failcounter to 0, also if it was 0 before. */
  readonly resets: boolean;
}

/**
 * Computes the record to write.
 *
 * @param after `before` with the token, PIN or key after the login; its other fields are ignored
 */
export function afterLogin(
  before: TokenRecord,
  after: TokenRecord,
  { now, resets }: Login,
  limits: LedgerLimits = DEFAULT_LEDGER_LIMITS,
): TokenRecord {
  const stamp: Stamp = { time: now, ordering: 0, definition: 0, event: 'login' };
  const added = after.token.failcount - before.token.failcount;
  const assigned = Object.keys(changesBetween(before, after)).filter((path) => ASSIGNED.has(path) || isInfoPath(path));
  if (resets || added < 0) assigned.push('failcount');
  if (after.pinHash !== before.pinHash) assigned.push('pin');
  const { token, pinHash, otpkey } = after;
  const stamps = { ...before.stamps, ...Object.fromEntries(assigned.map((path) => [path, stamp])) };
  const left = { ...before, token, pinHash, otpkey, stamps };
  return resets || added <= 0
    ? { ...left, version: before.version + 1 }
    : withFailures(left, added, { ...stamp, definition: LOGINS }, limits);
}

function withFailures(record: TokenRecord, added: number, stamp: Stamp, limits: LedgerLimits): TokenRecord {
  const step = stepHash(`login ${Math.floor(stamp.time / MINUTE)}`);
  const known = record.ledger.find((entry) => entry.step === step);
  const by = added + (known?.delta?.by ?? 0);
  const delta = { attribute: attributeHash('failcount'), by, stamp };
  const others = { ...record, ledger: record.ledger.filter((entry) => entry !== known) };
  return withStep(others, { step, time: stamp.time, definition: LOGINS, delta }, stamp.time, limits);
}
