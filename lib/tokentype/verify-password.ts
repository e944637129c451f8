/**
 * Whether a token accepts a password: its state, its validity period, the PIN in front and the token's own part behind
 * it. Reads and decides, and changes nothing: the state afterwards is data.
 */
import { TokenwrightError } from '../base/error.ts';
import type { SecretBox } from '../secret/box.ts';
import { verifyPin } from '../secret/pin.ts';
import { parseInstant } from '../text/date.ts';
import type { TokenRecord } from '../token/record.ts';
import { infoValue, isLocked } from '../token/token.ts';
import { findTokenType } from './catalogue.ts';
import type { NextState } from './token-type.ts';

export type Verification =
  | { readonly accepted: true; readonly next: NextState }
  | { readonly accepted: false; readonly code: RefusalCode; readonly message: string };

type RefusalCode =
  | 'disabled'
  | 'revoked'
  | 'locked'
  | 'not_yet_valid'
  | 'no_longer_valid'
  | 'wrong_pin'
  | 'wrong_password';

export interface Verifying {
  readonly box: Pick<SecretBox, 'open'>;
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly timezone: string;
  /** Of an indexed secret: what its challenge asked for. */
  readonly positions?: readonly number[];
}

/** @throws TokenwrightError `unknown_tokentype`, `no_secret`, `bad_secret` where it cannot be told */
export async function verifyPassword(record: TokenRecord, password: string, how: Verifying): Promise<Verification> {
  const { token, pinHash } = record;
  const type = findTokenType(token.tokentype);
  if (!type) {
    throw new TokenwrightError('unknown_tokentype', `passwords of type "${token.tokentype}" cannot be checked`);
  }
  const state = refusedByState(token, how);
  if (state) return state;
  const secret = await openSecret(record, how);
  // Characters, not UTF-16 units: a PIN may hold any.
  const characters = [...password];
  const at = Math.max(0, characters.length - token.otplen);
  const [pin, own] = [characters.slice(0, at).join(''), characters.slice(at).join('')];
  const isPin = pinHash === null ? pin === '' : await verifyPin(pin, pinHash);
  if (!isPin) return refuse('wrong_pin', 'the part in front is not the PIN');
  const next = type.verify(secret, { ...token, ...(how.positions && { positions: how.positions }) }, own, how.now);
  return next ? { accepted: true, next } : refuse('wrong_password', 'the token does not accept it, or not any more');
}

function refusedByState(token: TokenRecord['token'], { now, timezone }: Verifying): Verification | null {
  if (!token.active) return refuse('disabled', 'the token is disabled');
  if (token.revoked) return refuse('revoked', 'the token is revoked');
  if (isLocked(token)) return refuse('locked', 'the failcounter has reached its maximum');
  const moment = (key: string) => parseInstant(infoValue(token, key) ?? '', { timezone });
  const [start, end] = [moment('validity_period_start'), moment('validity_period_end')];
  if (start !== null && now < start) return refuse('not_yet_valid', 'its validity period has not begun');
  if (end !== null && now > end) return refuse('no_longer_valid', 'its validity period is over');
  return null;
}

async function openSecret({ token, otpkey }: TokenRecord, { box }: Verifying): Promise<Uint8Array> {
  if (otpkey) return box.open(otpkey, { purpose: 'otpkey', serial: token.serial });
  if (token.otplen === 0 || token.tokentype === 'spass') return new Uint8Array();
  throw new TokenwrightError(
    'no_secret',
    `the token ${token.serial} has no secret that a password could be checked against`,
  );
}

function refuse(code: RefusalCode, message: string): Verification {
  return { accepted: false, code, message };
}
