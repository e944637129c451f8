/**
 * Stores administrators and API keys as items of the directory's table, each with a scrypt hash of its password or key.
 * Neither can be read back.
 */
import { randomBytes } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { isSortKey, newItem, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';
import { hashPin, KEY_COST, PASSWORD_COST, verifyPin } from '../secret/pin.ts';

export const KEY_ROLES = ['validate', 'admin'] as const;
/** The permissions of an API key: only `/validate/*`, or everything that administrators may do. */
export type KeyRole = (typeof KEY_ROLES)[number];

const AdminItem = z.object({ sk: z.string(), hash: z.string(), created: z.string() });
const KeyItem = z.object({ ...AdminItem.shape, role: z.enum(KEY_ROLES), description: z.string() });

export interface AccountStore {
  /** Adds an administrator. @param created ISO 8601 @returns false if the name is taken */
  addAdmin(username: string, password: string, created: string): Promise<boolean>;
  /** Tells whether the administrator exists and has that password; takes equally long if there is no such name. */
  checkAdmin(username: string, password: string): Promise<boolean>;
  hasAdmin(username: string): Promise<boolean>;
  admins(): Promise<readonly { readonly username: string; readonly created: string }[]>;
  /** @returns false if there was none */
  removeAdmin(username: string): Promise<boolean>;
  /** Makes a key, which cannot be shown again. @param created ISO 8601 */
  addKey(role: KeyRole, description: string, created: string): Promise<{ readonly id: string; readonly key: string }>;
  /** Returns the role of a key; `undefined`: the key is unknown. */
  roleOf(key: string): Promise<KeyRole | undefined>;
  keys(): Promise<
    readonly { readonly id: string; readonly role: KeyRole; readonly description: string; readonly created: string }[]
  >;
  removeKey(id: string): Promise<boolean>;
}

/** Matches a key, `tw_ID_SECRET`; the secret has 256 bits. */
const KEY = /^tw_([\da-f]{12})_[\w-]{43}$/;
const ADMIN = 'admin';
const API_KEY = 'api-key';

/** Opens the store. @param table the directory's */
export function accountStore(client: DynamoDBDocumentClient, table: string): AccountStore {
  const get = async (pk: string, sk: string): Promise<unknown> => {
    if (!isSortKey(sk)) return undefined;
    return (await client.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item;
  };

  const readAdmin = async (username: string) => {
    const item = await get(ADMIN, username);
    return item === undefined ? undefined : parse(AdminItem, item, 'bad_item');
  };

  const list = async <S extends z.ZodMiniType>(pk: string, schema: S): Promise<z.output<S>[]> => {
    const found: z.output<S>[] = [];
    const items = queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    });
    for await (const item of items) found.push(parse(schema, item, 'bad_item'));
    return found;
  };

  const remove = (pk: string, sk: string): Promise<boolean> => {
    const condition = { ConditionExpression: 'attribute_exists(pk)' };
    return unlessRefused(client.send(new DeleteCommand({ TableName: table, Key: { pk, sk }, ...condition })));
  };

  return {
    async addAdmin(username, password, created) {
      const item = { pk: ADMIN, sk: username, hash: await hashPin(password, randomBytes(16), PASSWORD_COST), created };
      return unlessRefused(client.send(newItem(table, item)));
    },

    async checkAdmin(username, password) {
      const admin = await readAdmin(username);
      const matches = await verifyPin(password, admin?.hash ?? (await hashWithoutPassword()));
      return matches && admin !== undefined;
    },

    hasAdmin: async (username) => (await readAdmin(username)) !== undefined,

    async admins() {
      return (await list(ADMIN, AdminItem)).map(({ sk, created }) => ({ username: sk, created }));
    },

    removeAdmin: (username) => remove(ADMIN, username),

    async addKey(role, description, created) {
      const id = randomBytes(6).toString('hex');
      const key = `tw_${id}_${randomBytes(32).toString('base64url')}`;
      const item = {
        pk: API_KEY,
        sk: id,
        hash: await hashPin(key, randomBytes(16), KEY_COST),
        role,
        description,
        created,
      };
      await client.send(newItem(table, item));
      return { id, key };
    },

    async roleOf(key) {
      const id = KEY.exec(key)?.[1];
      const item = id === undefined ? undefined : await get(API_KEY, id);
      if (item === undefined) return undefined;
      const { hash, role } = parse(KeyItem, item, 'bad_item');
      return (await verifyPin(key, hash)) ? role : undefined;
    },

    async keys() {
      return (await list(API_KEY, KeyItem)).map(({ sk, role, description, created }) => ({
        id: sk,
        role,
        description,
        created,
      }));
    },

    removeKey: (id) => remove(API_KEY, id),
  };
}

let unmatchedHash: Promise<string> | undefined;

/** Makes a hash that no password matches and that is as slow to compare as an administrator's. */
function hashWithoutPassword(): Promise<string> {
  unmatchedHash ??= hashPin(randomBytes(32).toString('hex'), randomBytes(16), PASSWORD_COST);
  return unmatchedHash;
}
