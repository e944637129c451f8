/**
 * Verifies a password against a token: its state, its validity period, the PIN, and the token's own part behind it.
 * Changes nothing: the result holds the changes that a login would write.
 */
import type { CodeAt } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import type { SecretBox } from '../secret/box.ts';
import { verifyPin } from '../secret/pin.ts';
import { storedDate } from '../text/date.ts';
import { readStored, type StoredKind, wholeNumber } from '../text/stored-value.ts';
import type { TokenRecord } from '../token/record.ts';
import { isLocked } from '../token/token.ts';
import { findTokenType } from './catalogue.ts';
import type { NextState } from './token-type.ts';

export type Verification =
  | { readonly accepted: true; readonly next: NextState }
  /** `path`: the stored value that cannot be read, as in `info.hashlib`. */
  | { readonly accepted: false; readonly code: RefusalCode; readonly message: string; readonly path?: string };

type RefusalCode = CodeAt<'verify'>;

/** The reasons for which a token accepts no password. */
type UsabilityCode = Exclude<RefusalCode, 'wrong_pin' | 'wrong_password'>;

const COUNT = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** Returns the tokeninfo that verification reads for all types. @param timezone the zone of dates that name none */
export function storedByAll(timezone: string): Readonly<Record<string, StoredKind<unknown>>> {
  const date = storedDate(timezone);
  return {
    validity_period_start: date,
    validity_period_end: date,
    count_auth: COUNT,
    count_auth_max: COUNT,
    count_auth_success: COUNT,
    count_auth_success_max: COUNT,
  };
}

export interface Verifying {
  readonly box: Pick<SecretBox, 'open'>;
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly timezone: string;
  /** The positions that the challenge of an indexed secret asked for. */
  readonly positions?: readonly number[];
}

/** @throws TokenwrightError `unknown_tokentype`, `no_secret`, `bad_secret` if it cannot be verified */
export async function verifyPassword(record: TokenRecord, password: string, how: Verifying): Promise<Verification> {
  const { token, pinHash } = record;
  const type = findTokenType(token.tokentype);
  if (!type) {
    throw new TokenwrightError('unknown_tokentype', `passwords of type "${token.tokentype}" cannot be checked`);
  }
  const refused = refusedByState(token, how);
  if (refused) return { accepted: false, ...refused };
  const secret = await openSecret(record, how);
  // Counts characters, not UTF-16 units: a PIN may hold any character.
  const characters = [...password];
  // Without a secret the whole password is the PIN, whatever `otplen` an import has left at its default.
  const at = type.pinOnly ? characters.length : Math.max(0, characters.length - token.otplen);
  const [pin, own] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
  const isPin = pinHash === null ? pin === '' : await verifyPin(pin, pinHash);
  if (!isPin) return refuse('wrong_pin', 'the part in front is not the PIN');
  const state = { ...token, ...(how.positions && { positions: how.positions }) };
  const next = readable(() => type.verify(secret, state, own, how.now));
  if (next !== null && 'code' in next) return { accepted: false, ...next };
  return next ? { accepted: true, next } : refuse('wrong_password', 'the token does not accept it, or not any more');
}

/** The reason for which a token accepts no password at present. */
interface Unusable {
  readonly code: UsabilityCode;
  readonly message: string;
  /** The stored value that cannot be read, as in `info.validity_period_end`. */
  readonly path?: string;
}

/** The rollout states in which a token accepts no password yet. */
const NOT_YET_ENROLLED: readonly string[] = ['clientwait', 'verify'];

/** Returns the first reason for which a token may not be used; `null` if it may. */
function refusedByState(
  token: TokenRecord['token'],
  { now, timezone }: Pick<Verifying, 'now' | 'timezone'>,
): Unusable | null {
  if (token.revoked) return { code: 'revoked', message: 'the token is revoked' };
  return readable((): Unusable | null => {
    if (isCountReached(token, 'count_auth') || isCountReached(token, 'count_auth_success')) {
      return { code: 'auth_count_exceeded', message: 'it was used as often as it may be' };
    }
    if (!token.active) return { code: 'disabled', message: 'the token is disabled' };
    if (isLocked(token)) return { code: 'locked', message: 'the failcounter has reached its maximum' };
    requireCount(token.count);
    const start = readStored(token.info, 'validity_period_start', storedDate(timezone));
    const end = readStored(token.info, 'validity_period_end', storedDate(timezone));
    if (start !== undefined && now < start) return { code: 'not_yet_valid', message: 'its validity has not begun' };
    if (end !== undefined && now > end) return { code: 'no_longer_valid', message: 'its validity period is over' };
    if (NOT_YET_ENROLLED.includes(token.rollout_state)) {
      return { code: 'not_yet_enrolled', message: `its enrolment is not finished (${token.rollout_state})` };
    }
    return null;
  });
}

/** The largest counter: above it the window of an HOTP token cannot be counted exactly. */
const MOST_COUNT = 2 ** 48;

/** @throws TokenwrightError `unreadable_value` for the position of no password */
function requireCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= MOST_COUNT) return;
  const details = { path: 'count', given: count, allowed: 'a whole number from 0' };
  throw new TokenwrightError('unreadable_value', 'is the position of no password', details);
}

/** Tells whether `count_auth_max` or `count_auth_success_max` is reached; 0 is no limit. */
function isCountReached({ info }: TokenRecord['token'], counter: 'count_auth' | 'count_auth_success'): boolean {
  const max = readStored(info, `${counter}_max`, COUNT) ?? 0;
  return max > 0 && (readStored(info, counter, COUNT) ?? 0) >= max;
}

function readable<T>(read: () => T): T | Unusable {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenwrightError) || error.code !== 'unreadable_value') throw error;
    const { path = '' } = error.details;
    return { code: 'unreadable_value', message: `${path}: ${error.message}`, path };
  }
}

async function openSecret({ token, otpkey }: TokenRecord, { box }: Verifying): Promise<Uint8Array> {
  if (otpkey) return box.open(otpkey, { purpose: 'otpkey', serial: token.serial });
  if (token.tokentype === 'spass') return new Uint8Array();
  throw new TokenwrightError(
    'no_secret',
    `the token ${token.serial} has no secret that a password could be checked against`,
  );
}

function refuse(code: 'wrong_pin' | 'wrong_password', message: string): Verification {
  return { accepted: false, code, message };
}
