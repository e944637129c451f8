/**
 * What a login is decided on, and the decision: data alone. The changes of each token are part of the decision;
 * `change.ts` writes them.
 */
import type { TokenRecord } from '../token/record.ts';
import type { AnyTokenType, NextState } from '../tokentype/token-type.ts';
import type { LoginTime } from './usable.ts';

/** A token that may accept the password. */
export interface LoginCandidate {
  /** The record, its failcounter cleared where the setting `failcounter_clear_timeout` says so. */
  readonly record: TokenRecord;
  /** The record as it was read. */
  readonly stored: TokenRecord;
  readonly type: AnyTokenType;
  /** The decrypted OTP key; empty: there is none. */
  readonly secret: Uint8Array;
  /** This token's challenge in the request's transaction. */
  readonly challenge: PendingChallenge | null;
}

export interface PendingChallenge {
  /** In milliseconds since 1970; an answer at this time is too late. */
  readonly expires: number;
  /** The positions of an indexed secret that were asked for. */
  readonly positions: readonly number[];
}

export interface Attempt extends LoginTime {
  /** `null`: none was sent. Only types without one-time passwords can be decided then, and they refuse. */
  readonly password: string | null;
  readonly transaction: string | null;
  /** The service for which application-specific passwords are accepted. */
  readonly service: string | null;
  /** Whether the password is a one-time password without PIN. */
  readonly otpOnly: boolean;
}

/** The changes of one token by a login; absent fields do not change. */
export interface TokenChange {
  readonly failcount?: 'raise' | 'reset';
  /** Which counters go up by one: `count_auth`, and with a success `count_auth_success`. */
  readonly counted?: 'failure' | 'success';
  readonly next?: NextState;
  /** Sets tokeninfo `last_auth`. */
  readonly lastAuth?: true;
  /** Keys of tokeninfo to set, or with `null` to delete. */
  readonly info?: Readonly<Record<string, string | null>>;
}

export type LoginDecision = {
  readonly message: string;
  /** What the `detail` of the answer says about the token. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly changes: ReadonlyMap<string, TokenChange>;
} & (
  | { readonly outcome: 'accepted'; readonly answered?: string }
  | { readonly outcome: 'rejected'; readonly expired?: readonly string[]; readonly isWithoutPassword?: true }
  /** A challenge is to be made for each of these tokens. */
  | { readonly outcome: 'challenged'; readonly serials: readonly string[] }
);

/** Whether the text is the PIN of the token. */
export type IsPin = (record: TokenRecord, text: string) => Promise<boolean>;

/** Makes the decision of tokens whose PIN and one-time password are right. */
export function acceptValid(valid: readonly (LoginCandidate & { readonly next: NextState | null })[]): LoginDecision {
  const [first] = valid;
  const types = new Set(valid.map(({ type }) => type.name));
  const about =
    first && valid.length === 1 ? describeToken(first) : { type: types.size === 1 ? first?.type.name : 'undetermined' };
  const changes = changing(valid, ({ next }) => successChange(next, valid.length === 1));
  return { outcome: 'accepted', message: `matching ${valid.length} tokens`, about, changes };
}

/**
 * Makes the change of a token that has accepted a password: the failcounter is reset, the success is counted.
 *
 * @param next the token's state after the password
 * @param lastAuth whether tokeninfo `last_auth` is set
 */
export function successChange(next: NextState | null, lastAuth: boolean): TokenChange {
  return { failcount: 'reset', counted: 'success', ...(next && { next }), ...(lastAuth && { lastAuth }) };
}

/** Makes the decision of a refused password. */
export function rejected(
  message: string,
  about: Readonly<Record<string, unknown>>,
  changes: ReadonlyMap<string, TokenChange>,
): LoginDecision & { readonly outcome: 'rejected' } {
  return { outcome: 'rejected', message, about, changes };
}

/** Makes the same kind of change for each of the tokens. @returns the changes by serial */
export function changing<C extends LoginCandidate>(
  candidates: readonly C[],
  change: (one: C) => TokenChange,
): Map<string, TokenChange> {
  return new Map(candidates.map((one) => [one.record.token.serial, change(one)]));
}

/** Describes a token in the `detail` of an answer, as privacyIDEA does. */
export function describeToken({ record, type }: LoginCandidate): Record<string, unknown> {
  return { serial: record.token.serial, type: type.name, otplen: record.token.otplen };
}
