/** The directory over small items that are found by key and never scanned, in DynamoDB or in memory. */
import * as z from 'zod/mini';
import { parse } from '../schema/validate.ts';
import type { Directory } from './directory.ts';
import { ChallengeItem, ContainerItem, CounterItem, keys, RealmItem, UserItem } from './items.ts';
import type { User } from './user.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The storage of a directory's items. */
export interface DirectoryItems {
  get(key: ItemKey): Promise<unknown>;
  /** All items of a partition, in the order of `sk`. */
  query(pk: string): AsyncIterable<unknown>;
}

export function itemDirectory(items: DirectoryItems): Directory {
  const { get } = items;

  const query = async <S extends z.ZodMiniType>(pk: string, schema: S): Promise<z.output<S>[]> => {
    const found: z.output<S>[] = [];
    for await (const item of items.query(pk)) found.push(parse(schema, item, 'bad_item'));
    return found;
  };

  const readUser = async (key: ItemKey): Promise<User | null> => {
    const item = await get(key);
    return item === undefined ? null : parse(UserItem, item, 'bad_item');
  };

  const readContainer = async (serial: string) => {
    const item = await get(keys.container(serial));
    return item === undefined ? null : parse(ContainerItem, item, 'bad_item');
  };

  return {
    async findUser({ login, realm, resolver, uid }) {
      if (resolver !== undefined && uid !== undefined) {
        if (realm !== undefined) return readUser(keys.userByUid({ resolver, uid, realm }));
        return (await query(keys.userByUid({ resolver, uid, realm: '' }).pk, UserItem))[0] ?? null;
      }
      if (login === undefined || realm === undefined) return null;
      const user = await readUser(keys.userByLogin({ login, realm }));
      // A user of the same name with another resolver or uid is someone else.
      const isMeant = user && (resolver ?? user.resolver) === user.resolver && (uid ?? user.uid) === user.uid;
      return isMeant ? user : null;
    },

    ownerEntry: (owner) => readUser(keys.userByUid(owner)),

    async realms() {
      const realms = await query('realm', RealmItem);
      return Object.fromEntries(realms.map(({ sk, resolvers }) => [sk, resolvers]));
    },

    hasTokengroup: async (name) => (await get(keys.tokengroup(name))) !== undefined,

    container: readContainer,

    async containerOfToken(serial) {
      const link = await get(keys.containerOfToken(serial));
      if (link === undefined) return null;
      return readContainer(parse(z.looseObject({ container: z.string() }), link, 'bad_item').container);
    },

    async countContainers(user) {
      const { pk } = keys.containerOfUser(user, '');
      return (await query(pk, z.looseObject({ sk: z.string() }))).length;
    },

    async challenges(serial, transaction) {
      const all = await query(keys.challenge(serial, '').pk, ChallengeItem);
      return transaction === null ? all : all.filter(({ transaction_id }) => transaction_id === transaction);
    },

    async counters() {
      const counters = await query('counter', CounterItem);
      return Object.fromEntries(counters.map(({ sk, value }) => [sk, value]));
    },
  };
}

/** Makes a directory in memory, to try things out without a stack. @param items with their keys; the last one of a key counts */
export function memoryDirectory(items: readonly (ItemKey & Readonly<Record<string, unknown>>)[]): Directory {
  const partitions = new Map<string, Map<string, unknown>>();
  for (const item of items) {
    const partition = partitions.get(item.pk) ?? new Map<string, unknown>();
    partitions.set(item.pk, partition.set(item.sk, item));
  }
  return itemDirectory({
    get: async ({ pk, sk }) => partitions.get(pk)?.get(sk),
    async *query(pk) {
      const partition = [...(partitions.get(pk) ?? [])];
      yield* partition.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    },
  });
}
