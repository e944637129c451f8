/**
 * Envelope encryption: secrets are sealed under data keys, which lie wrapped by KMS in a table of their own. An
 * instance unwraps a data key once, so KMS is called once an instance and not once a login. Versions are only added.
 */
import { badSecret, type DataKey } from './sealed.ts';

/** What the keys of a ring are for: sealing what is kept, or signing the tokens of `/auth`. */
export type RingName = 'data' | 'auth';

/** As it lies in the table. */
export interface WrappedKey {
  readonly version: number;
  readonly wrapped: Uint8Array;
}

export interface KeyTable {
  newest(): Promise<WrappedKey | undefined>;
  read(version: number): Promise<WrappedKey | undefined>;
  /** @returns false where the version is there already */
  add(key: WrappedKey): Promise<boolean>;
}

/** The key that wraps: KMS. */
export interface KeyWrapper {
  generate(version: number): Promise<{ readonly key: Uint8Array; readonly wrapped: Uint8Array }>;
  /** @throws TokenwrightError `bad_secret` where another key, or for another version, wrapped it */
  unwrap(wrapped: Uint8Array, version: number): Promise<Uint8Array>;
}

export interface KeyRing {
  /** What to seal under; the first one is made when it is first asked for. */
  newest(): Promise<DataKey>;
  /** @throws TokenwrightError `bad_secret` where there is no such key */
  byVersion(version: number): Promise<DataKey>;
  /** Adds a version, which is the newest from then on. */
  rotate(): Promise<DataKey>;
}

/** A new version is used everywhere within 5 seconds. */
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

  /** The next version; somebody else's where two add at once. */
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
