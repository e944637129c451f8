/**
 * Converts a token record to a DynamoDB item, and back. Other programs read the items too, so names are plain words; empty
 * values are left out, and only the data for exactly-once steps is packed. docs/reference/token-item.md describes it.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { UserIdentity } from '../directory/user.ts';
import { parse, Refusal } from '../schema/validate.ts';
import { decodeLedger, decodeWatermarks, encodeLedger, encodeWatermarks } from './ledger.ts';
import type { Changes, LedgerNote, TokenRecord } from './record.ts';
import { decodeStamp, encodeStamp } from './stamp.ts';
import { shardKey, shardOf } from './state.ts';
import { readInfo, storedInfo } from './token.ts';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');
const text = z.string();
const integer = z.int();
const texts = z.record(text, text);
const maybeText = z.optional(text);
const maybeTexts = z.optional(z.array(text));
const maybeBytes = z.optional(bytes);
const maybeInteger = z.optional(integer);

/** The attributes of every item, also of a tombstone. */
const Bookkeeping = {
  serial: text,
  version: integer,
  ledger: maybeBytes,
  notes: maybeTexts,
  stamps: z.record(text, bytes),
  floor: maybeInteger,
  floors: maybeBytes,
};

const LiveItem = z.object({
  ...Bookkeeping,
  tokentype: text,
  active: z.boolean(),
  revoked: z.optional(z.boolean()),
  description: maybeText,
  realms: z.array(text),
  user: z.optional(UserIdentity),
  failcount: integer,
  maxfail: integer,
  count: integer,
  count_window: integer,
  sync_window: integer,
  otplen: integer,
  rollout_state: maybeText,
  tokengroups: maybeTexts,
  applications: z.optional(z.array(texts)),
  info: texts,
  pin_hash: maybeText,
  otpkey: maybeBytes,
  /** Index keys, absent if they do not apply: see `indexKeys`. */
  owner: maybeText,
  unassigned: maybeText,
  disabled: maybeText,
});

const TombstoneItem = z.object({
  ...Bookkeeping,
  /** When the deleting event occurred, in milliseconds since 1970. */
  deleted_at: integer,
  /** When DynamoDB may delete the tombstone, in seconds since 1970. */
  expires: maybeInteger,
});

export const TokenItem = z.union([LiveItem, TombstoneItem]);
export type TokenItem = z.infer<typeof TokenItem>;
type LiveItem = z.infer<typeof LiveItem>;

/** The most bytes of notes in an item, so that a typical item stays within one billed KB. */
const NOTES_BYTES = 256;

/** Reads an item. @throws Refusal `bad_item` if another program has written something that we do not understand */
export function recordOf(input: unknown): TokenRecord {
  const item = parse(TokenItem, input, 'bad_item');
  try {
    return unpack(item);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the packed attributes cannot be read: ${reason}`;
    throw new Refusal([new TokenwrightError('bad_item', message, {}, { cause })]);
  }
}

function unpack(item: TokenItem): TokenRecord {
  const live = 'deleted_at' in item ? null : item;
  return {
    token: tokenOf(item.serial, live),
    pinHash: live?.pin_hash ?? null,
    otpkey: live?.otpkey ?? null,
    version: item.version,
    ledger: item.ledger ? decodeLedger(item.ledger) : [],
    notes: (item.notes ?? []).map(decodeNote),
    stamps: Object.fromEntries(Object.entries(item.stamps).map(([path, stamp]) => [path, decodeStamp(stamp)])),
    lowWatermark: item.floor ?? null,
    definitionWatermarks: item.floors ? decodeWatermarks(item.floors) : {},
    deletedAt: 'deleted_at' in item ? item.deleted_at : null,
    expiresAt: 'deleted_at' in item && item.expires !== undefined ? item.expires * 1000 : null,
  };
}

function tokenOf(serial: string, item: LiveItem | null): TokenRecord['token'] {
  return {
    serial,
    tokentype: item?.tokentype ?? '',
    active: item?.active ?? false,
    revoked: item?.revoked ?? false,
    description: item?.description ?? '',
    realms: item?.realms ?? [],
    user: item?.user ?? null,
    failcount: item?.failcount ?? 0,
    maxfail: item?.maxfail ?? 0,
    count: item?.count ?? 0,
    count_window: item?.count_window ?? 0,
    sync_window: item?.sync_window ?? 0,
    otplen: item?.otplen ?? 0,
    rollout_state: item?.rollout_state ?? '',
    tokengroups: item?.tokengroups ?? [],
    applications: item?.applications ?? [],
    info: readInfo(item?.info ?? {}),
  };
}

/** Writes an item; for a deleted token, only the data for exactly-once steps. */
export function itemOf(record: TokenRecord): TokenItem {
  const bookkeeping = {
    serial: record.token.serial,
    version: record.version,
    ...(record.ledger.length > 0 ? { ledger: encodeLedger(record.ledger) } : {}),
    ...(record.notes.length > 0 ? { notes: encodeNotes(record.notes) } : {}),
    stamps: Object.fromEntries(Object.entries(record.stamps).map(([path, stamp]) => [path, encodeStamp(stamp)])),
    ...(record.lowWatermark === null ? {} : { floor: record.lowWatermark }),
    ...(Object.keys(record.definitionWatermarks).length > 0
      ? { floors: encodeWatermarks(record.definitionWatermarks) }
      : {}),
  };
  if (record.deletedAt !== null) {
    const expires = record.expiresAt === null ? {} : { expires: Math.ceil(record.expiresAt / 1000) };
    return { ...bookkeeping, deleted_at: record.deletedAt, ...expires };
  }
  const { user, revoked, description, rollout_state, tokengroups, applications, ...token } = record.token;
  return {
    ...bookkeeping,
    ...token,
    realms: [...token.realms],
    info: storedInfo(token.info),
    ...(user ? { user } : {}),
    ...(revoked ? { revoked } : {}),
    ...(description ? { description } : {}),
    ...(rollout_state ? { rollout_state } : {}),
    ...(tokengroups.length > 0 ? { tokengroups: [...tokengroups] } : {}),
    ...(applications.length > 0 ? { applications: applications.map((one) => ({ ...one })) } : {}),
    ...(record.pinHash === null ? {} : { pin_hash: record.pinHash }),
    ...(record.otpkey === null ? {} : { otpkey: record.otpkey }),
    ...indexKeys(record.token),
  };
}

/** Returns the keys of the sparse indexes: the owner, and the shards of unassigned and disabled tokens. */
function indexKeys(
  token: Pick<TokenRecord['token'], 'serial' | 'user' | 'active'>,
): Pick<LiveItem, 'owner' | 'unassigned' | 'disabled'> {
  const shard = shardOf(token.serial);
  return {
    ...(token.user ? { owner: ownerKey(token.user) } : { unassigned: shardKey('unassigned', shard) }),
    ...(token.active ? {} : { disabled: shardKey('disabled', shard) }),
  };
}

/** Returns the index key of an owner, who is identified by resolver and uid, since the login may change. */
export function ownerKey({ resolver, uid }: Pick<UserIdentity, 'resolver' | 'uid'>): string {
  return [resolver, uid].map((part) => encodeURIComponent(part.toWellFormed())).join('#');
}

function encodeNotes(notes: readonly LedgerNote[]): string[] {
  return keptNotes(notes).map(encodeNote);
}

/** Returns the notes that fit into an item, newest first. */
export function keptNotes(notes: readonly LedgerNote[]): readonly LedgerNote[] {
  let size = 0;
  const over = notes.findIndex((note) => {
    size += Buffer.byteLength(encodeNote(note));
    return size > NOTES_BYTES;
  });
  return over === -1 ? notes : notes.slice(0, over);
}

const encodeNote = ({ step, changes }: LedgerNote): string => `${step}${JSON.stringify(changes)}`;

const HASH_LENGTH = 16;

function decodeNote(line: string): LedgerNote {
  return { step: line.slice(0, HASH_LENGTH), changes: JSON.parse(line.slice(HASH_LENGTH)) as Changes };
}
