/** The directory on a DynamoDB table: small items, found by key, never scanned. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { queryItems } from '../aws/query.ts';
import { parse } from '../validate.ts';
import type { Directory } from './directory.ts';
import { ChallengeItem, ContainerItem, CounterItem, keys, RealmItem, UserItem } from './items.ts';
import type { User } from './user.ts';

type Key = { readonly pk: string; readonly sk: string };

/** A directory on the table that `tokenwright` deploys for it. */
export function dynamodbDirectory(client: DynamoDBDocumentClient, table: string): Directory {
  const get = async (key: Key): Promise<unknown> =>
    (await client.send(new GetCommand({ TableName: table, Key: key }))).Item;

  const query = async <S extends z.ZodMiniType>(pk: string, schema: S): Promise<z.output<S>[]> => {
    const items: z.output<S>[] = [];
    const found = queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    });
    for await (const item of found) items.push(parse(schema, item, 'bad_item'));
    return items;
  };

  const readUser = async (key: Key): Promise<User | null> => {
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
      // A namesake is somebody else.
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
