/**
 * Envelope encryption: secrets are encrypted under data keys, which are stored wrapped by KMS in a table of their own. An
 * instance unwraps a data key once, so that not every login calls KMS. Versions are only added.
 */
import { badSecret, type DataKey } from './sealed.ts';

/** The use of a ring's keys: sealing stored secrets, or signing the tokens of `/auth`. */
export type RingName = 'data' | 'auth';

/** A data key as it is stored. */
export interface WrappedKey {
  readonly version: number;
  readonly wrapped: Uint8Array;
}

export interface KeyTable {
  newest(): Promise<WrappedKey | undefined>;
  read(version: number): Promise<WrappedKey | undefined>;
  /** Adds a key. @returns false if the version exists already */
  add(key: WrappedKey): Promise<boolean>;
}

/** Wraps data keys, in KMS. */
export interface KeyWrapper {
  generate(version: number): Promise<{ readonly key: Uint8Array; readonly wrapped: Uint8Array }>;
  /** @throws TokenwrightError `bad_secret` if it was wrapped by another key or for another version */
  unwrap(wrapped: Uint8Array, version: number): Promise<Uint8Array>;
}

export interface KeyRing {
  /** Returns the newest key; the first one is made on first use. */
  newest(): Promise<DataKey>;
  /** @throws TokenwrightError `bad_secret` if there is no such key */
  byVersion(version: number): Promise<DataKey>;
  /** Adds a version, which is the newest from then on. */
  rotate(): Promise<DataKey>;
}

/** How soon every instance uses a new version. */
export const RING_REVALIDATED_AFTER_MS = 5000;

/** @param now the instance's clock, in milliseconds since 1970 */
export function keyRing(table: KeyTable, wrapper: KeyWrapper, now: () => number): KeyRing {
  const unwrapped = new Map<number, Promise<DataKey>>();
  let looked: { readonly at: number; readonly newest: Promise<DataKey> } | undefined;

  const remember = (version: number, key: Promise<DataKey>): Promise<DataKey> => {
    unwrapped.set(version, key);
    key.catch(() => unwrapped.delete(version));
    return key;
  };

  const unwrap = ({ version, wrapped }: WrappedKey): Promise<DataKey> =>
    unwrapped.get(version) ??
    remember(
      version,
      wrapper.unwrap(wrapped, version).then((key) => ({ version, key })),
    );

  /** Adds a version; returns that of another writer if both add at the same time. */
  const add = async (version: number): Promise<DataKey> => {
    const { key, wrapped } = await wrapper.generate(version);
    if (await table.add({ version, wrapped })) return remember(version, Promise.resolve({ version, key }));
    return byVersion(version);
  };

  const look = async (): Promise<DataKey> => {
    const newest = await table.newest();
    return newest ? unwrap(newest) : add(1);
  };

  const byVersion = async (version: number): Promise<DataKey> => {
    const known = unwrapped.get(version);
    if (known) return known;
    const stored = await table.read(version);
    if (!stored) throw badSecret(`there is no data key ${version}`);
    return unwrap(stored);
  };

  return {
    async newest() {
      if (looked && now() - looked.at < RING_REVALIDATED_AFTER_MS) return looked.newest;
      const newest = look();
      looked = { at: now(), newest };
      newest.catch(() => {
        looked = undefined;
      });
      return newest;
    },
    byVersion,
    async rotate() {
      const added = await add((await look()).version + 1);
      looked = { at: now(), newest: Promise.resolve(added) };
      return added;
    },
  };
}
