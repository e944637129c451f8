/**
 * A token's record: the token, and the data that only writers need (version, ledger, stamps, low watermark, PIN hash). Records
 * are immutable: a change creates a new one, and the store writes the difference.
 */
import type { UserIdentity } from '../directory/user.ts';
import { addEntry, type LedgerEntry, type LedgerLimits, type Watermarks } from './ledger.ts';
import type { Stamp } from './stamp.ts';
import type { Token } from './token.ts';

/** The changes of a recent ledger entry, to announce them again on a redelivery. */
export interface LedgerNote {
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
  readonly notes: readonly LedgerNote[];
  /** Keys are attributes (`active`, `info.KEY`), set members (`realms:realm1`), whole sets (`realms`), and `*` for its creation. */
  readonly stamps: Readonly<Record<string, Stamp>>;
  /** The newest event time among the ledger entries dropped by age; events that are not younger are `too_old`. */
  readonly lowWatermark: number | null;
  /** The same for single definitions, whose entries were dropped by number. */
  readonly definitionWatermarks: Watermarks;
  /** When the event occurred that deleted the token, in milliseconds since 1970; null unless the record is a tombstone. */
  readonly deletedAt: number | null;
  /** When DynamoDB may delete the tombstone, in milliseconds since 1970. */
  readonly expiresAt: number | null;
}

/**
 * How long a tombstone is kept, in milliseconds: longer than any delivery that the age of the ledger allows. It counts from
 * the write, since the deleting event may have been a dead letter for weeks.
 */
export const TOMBSTONE_AGE = 30 * 86_400_000;

/** Returns the token without its secrets. */
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

/** The attributes of a new token. */
export type NewToken = Pick<Token, 'serial' | 'tokentype'> &
  Partial<Omit<Token, 'pin_set'>> & { readonly pinHash?: string | null; readonly otpkey?: Uint8Array | null };

/** Makes a new record. The owner's realm is always one of the token's. */
export function newRecord({ pinHash = null, otpkey = null, ...fields }: NewToken): TokenRecord {
  const token = { ...DEFAULTS, ...fields };
  return {
    token: { ...token, realms: withOwnerRealm(token.realms, token.user) },
    pinHash,
    otpkey,
    version: 0,
    ledger: [],
    notes: [],
    stamps: {},
    lowWatermark: null,
    definitionWatermarks: {},
    deletedAt: null,
    expiresAt: null,
  };
}

/** Tells whether a token exists: there is a record, and it is not the tombstone of a deleted token. */
export function isLive<R extends Pick<TokenRecord, 'deletedAt'>>(record: R | null | undefined): record is R {
  return record?.deletedAt === null;
}

/** Makes the record of a new token in place of a deleted one. Late steps for the old token are refused. */
export function raisedFrom(tombstone: TokenRecord, deletedAt: number, record: TokenRecord): TokenRecord {
  const lowWatermark = Math.max(deletedAt, tombstone.lowWatermark ?? deletedAt);
  const definitionWatermarks = watermarksAbove(lowWatermark, tombstone.definitionWatermarks);
  return {
    ...record,
    version: tombstone.version + 1,
    ledger: [...tombstone.ledger, ...record.ledger],
    lowWatermark,
    definitionWatermarks,
  };
}

/** Tells whether a step is older than the ledger, so that it is unknown whether it was applied. */
export function isBelowWatermark(
  { lowWatermark, definitionWatermarks }: TokenRecord,
  time: number,
  definition: number,
): boolean {
  return time <= Math.max(lowWatermark ?? -1, definitionWatermarks[definition] ?? -1);
}

/** Adds a step to the ledger and increments the version; dropped ledger entries raise the watermarks. */
export function withStep(record: TokenRecord, entry: LedgerEntry, now: number, limits: LedgerLimits): TokenRecord {
  const grown = addEntry(record.ledger, entry, now, limits);
  const lowWatermark =
    grown.lowWatermark === null ? record.lowWatermark : Math.max(grown.lowWatermark, record.lowWatermark ?? 0);
  const stamps = Object.entries(record.stamps).filter(
    ([, stamp]) => lowWatermark === null || stamp.time >= lowWatermark,
  );
  return {
    ...record,
    version: record.version + 1,
    ledger: grown.ledger,
    lowWatermark,
    definitionWatermarks: watermarksAbove(
      lowWatermark,
      higherOf(record.definitionWatermarks, grown.definitionWatermarks),
    ),
    stamps: Object.fromEntries(stamps),
  };
}

function higherOf(known: Watermarks, raised: Watermarks): Watermarks {
  const higher = Object.entries(raised).map(([definition, time]) => [
    definition,
    Math.max(time, known[definition] ?? 0),
  ]);
  return { ...known, ...Object.fromEntries(higher) };
}

function watermarksAbove(low: number | null, watermarks: Watermarks): Watermarks {
  return Object.fromEntries(Object.entries(watermarks).filter(([, time]) => low === null || time > low));
}

function withOwnerRealm(realms: readonly string[], owner: UserIdentity | null): readonly string[] {
  return owner && !realms.includes(owner.realm) ? [...realms, owner.realm] : realms;
}
