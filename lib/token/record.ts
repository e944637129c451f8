/**
 * A token's record: the token itself and what only its writers need (version, ledger, stamps, floor,
 * PIN hash). Records are immutable; a change makes a new one, and the store writes the difference.
 */
import type { UserIdentity } from '../directory/user.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Stamp } from './stamp.ts';
import type { Token } from './token.ts';

/** What an announcement needs again, for the newest ledger entries. */
export interface Note {
  /** `stepHash` of the step. */
  readonly step: string;
  readonly changes: Changes;
}

/** `{field: [before, after]}`, as an outcome shows it. Never a secret. */
export type Changes = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

export interface TokenRecord {
  readonly token: Omit<Token, 'pin_set'>;
  /** A salted hash, see `lib/secret/pin.ts`; `null`: no PIN. */
  readonly pinHash: string | null;
  /** The encrypted OTP key, as it is stored. */
  readonly otpkey: Uint8Array | null;
  readonly version: number;
  readonly ledger: readonly LedgerEntry[];
  readonly notes: readonly Note[];
  /** By attribute (`active`, `info.KEY`), set member (`realms:realm1`), whole set (`realms`), and of its making (`*`). */
  readonly stamps: Readonly<Record<string, Stamp>>;
  /** The newest event time among the dropped ledger entries; an event not younger is `too_old`. */
  readonly floor: number | null;
  /** When the event occurred that deleted the token: the record is a tombstone. */
  readonly deletedAt: number | null;
  /** When DynamoDB may take the tombstone, in milliseconds since 1970. */
  readonly expiresAt: number | null;
}

/** The token as everyone may see it. */
export function viewToken(record: TokenRecord): Token {
  return { ...record.token, pin_set: record.pinHash !== null };
}

const DEFAULTS = {
  active: true,
  revoked: false,
  description: '',
  realms: [],
  user: null,
  failcount: 0,
  maxfail: 10,
  count: 0,
  count_window: 10,
  sync_window: 1000,
  otplen: 6,
  rollout_state: 'enrolled',
  tokengroups: [],
  applications: [],
  info: {},
} satisfies Omit<Token, 'serial' | 'tokentype' | 'pin_set'>;

/** What a new token is made of. */
export type NewToken = Pick<Token, 'serial' | 'tokentype'> &
  Partial<Omit<Token, 'pin_set'>> & { readonly pinHash?: string | null; readonly otpkey?: Uint8Array | null };

/** A record that no step has touched. The owner's realm is always among the token's. */
export function newRecord({ pinHash = null, otpkey = null, ...given }: NewToken): TokenRecord {
  const token = { ...DEFAULTS, ...given };
  return {
    token: { ...token, realms: withOwnerRealm(token.realms, token.user) },
    pinHash,
    otpkey,
    version: 0,
    ledger: [],
    notes: [],
    stamps: {},
    floor: null,
    deletedAt: null,
    expiresAt: null,
  };
}

/** A new token where one was deleted: what was done to the old one, or comes late for it, is not done to the new. */
export function raisedFrom(tombstone: TokenRecord, deletedAt: number, record: TokenRecord): TokenRecord {
  const floor = Math.max(deletedAt, tombstone.floor ?? deletedAt);
  return { ...record, version: tombstone.version + 1, ledger: [...tombstone.ledger, ...record.ledger], floor };
}

function withOwnerRealm(realms: readonly string[], owner: UserIdentity | null): readonly string[] {
  return owner && !realms.includes(owner.realm) ? [...realms, owner.realm] : realms;
}
