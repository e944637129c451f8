/**
 * A token store over another one: reads fall through to the other store, writes stay in memory. Explain and replay run
 * steps on it without changing any token.
 */
import type { UserIdentity } from '../directory/user.ts';
import { keptNotes, ownerKey } from '../token/item.ts';
import { isLive, raisedFrom, type TokenRecord } from '../token/record.ts';
import type { TokenStore } from '../token/store.ts';

export interface OverlayStore extends TokenStore {
  /** The records that were written, by serial. */
  readonly written: ReadonlyMap<string, TokenRecord>;
}

/** @param base is only read */
export function overlayStore(base: Pick<TokenStore, 'read' | 'serialsOf'>): OverlayStore {
  const written = new Map<string, TokenRecord>();
  const owned = new Map<string, Set<string>>();
  const read = async (serial: string) => written.get(serial) ?? (await base.read(serial));

  const write = (record: TokenRecord): true => {
    const { serial } = record.token;
    const [former, owner] = [ownerOf(written.get(serial)), ownerOf(record)];
    if (former !== undefined) owned.get(former)?.delete(serial);
    if (owner !== undefined) owned.set(owner, (owned.get(owner) ?? new Set()).add(serial));
    written.set(serial, { ...record, notes: keptNotes(record.notes) });
    return true;
  };

  return {
    written,
    read,

    async readMany(serials) {
      const records = await Promise.all(serials.map(read));
      return records.filter((record) => record !== undefined);
    },

    async replace(before, after) {
      const there = await read(after.token.serial);
      return there?.version === before.version && write(after);
    },

    async create(record) {
      const there = await read(record.token.serial);
      if (there === undefined) return write({ ...record, version: 1 });
      return there.deletedAt !== null && write(raisedFrom(there, there.deletedAt, record));
    },

    /** In the order of the serials, as the index returns them. */
    async *serialsOf(owner: Pick<UserIdentity, 'resolver' | 'uid'>, after = '') {
      const own = [...(owned.get(ownerKey(owner)) ?? [])].filter((serial) => serial > after).sort();
      let next = 0;
      for await (const serial of base.serialsOf(owner, after || undefined)) {
        for (; next < own.length && String(own[next]) < serial; next += 1) yield String(own[next]);
        if (!written.has(serial)) yield serial;
      }
      yield* own.slice(next);
    },
  };
}

function ownerOf(record: TokenRecord | undefined): string | undefined {
  const user = isLive(record) ? record.token.user : null;
  return user ? ownerKey(user) : undefined;
}
