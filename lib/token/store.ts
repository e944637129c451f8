/**
 * The token table. All writers (actions, imports, logins) use this store, so that version, stamps and ledger are always right.
 */
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isPartitionKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { TokenwrightError } from '../base/error.ts';
import type { UserIdentity } from '../directory/user.ts';
import { itemOf, ownerKey, recordOf } from './item.ts';
import { raisedFrom, type TokenRecord } from './record.ts';
import { updateInput } from './update.ts';

export interface TokenStore {
  /** Reads a record or tombstone (consistent read); undefined if there is neither. */
  read(serial: string): Promise<TokenRecord | undefined>;
  /** Reads several records (consistent reads), in any order; unknown serials are left out. */
  readMany(serials: readonly string[]): Promise<TokenRecord[]>;
  /**
   * Replaces a record that was read.
   * @returns false if another writer was faster: read again
   * @throws TokenwrightError `token_too_large` above DynamoDB's 400 KB
   */
  replace(before: TokenRecord, after: TokenRecord): Promise<boolean>;
  /** Creates a token; also in place of a tombstone. @returns false if the serial is taken */
  create(record: TokenRecord): Promise<boolean>;
  /** Yields the serials of a user's tokens after `after` (eventually consistent). */
  serialsOf(owner: Pick<UserIdentity, 'resolver' | 'uid'>, after?: string): AsyncIterable<string>;
}

/** The limit of one BatchGetItem. */
const MOST_AT_ONCE = 100;

/** Opens the store on a DynamoDB table. */
export function tokenStore(client: DynamoDBDocumentClient, table: string): TokenStore {
  return {
    async read(serial) {
      if (!isPartitionKey(serial)) return undefined;
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { serial }, ConsistentRead: true }));
      return Item === undefined ? undefined : recordOf(Item);
    },

    async readMany(serials) {
      const records: TokenRecord[] = [];
      // DynamoDB refuses a batch that names a key twice.
      let waiting = [...new Set(serials.filter(isPartitionKey))];
      while (waiting.length > 0) {
        const Keys = waiting.slice(0, MOST_AT_ONCE).map((serial) => ({ serial }));
        const wanted = { [table]: { Keys, ConsistentRead: true } };
        const page = await client.send(new BatchGetCommand({ RequestItems: wanted }));
        records.push(...(page.Responses?.[table] ?? []).map(recordOf));
        const left = (page.UnprocessedKeys?.[table]?.Keys ?? []).map(({ serial }) => String(serial));
        waiting = [...left, ...waiting.slice(MOST_AT_ONCE)];
      }
      return records;
    },

    replace(before, after) {
      return written(client.send(new UpdateCommand(updateInput(table, before, after))), after.token.serial);
    },

    async create(record) {
      const put = new PutCommand({
        TableName: table,
        Item: itemOf({ ...record, version: 1 }),
        ConditionExpression: 'attribute_not_exists(serial)',
      });
      if (await written(client.send(put), record.token.serial)) return true;
      const there = await this.read(record.token.serial);
      return there?.deletedAt != null && this.replace(there, raisedFrom(there, there.deletedAt, record));
    },

    async *serialsOf(owner, after) {
      if (!isPartitionKey(ownerKey(owner))) return;
      const owned = queryItems(client, {
        TableName: table,
        IndexName: 'owner',
        KeyConditionExpression: after === undefined ? '#owner = :owner' : '#owner = :owner AND serial > :after',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': ownerKey(owner), ...(after === undefined ? {} : { ':after': after }) },
      });
      for await (const { serial } of owned) yield String(serial);
    },
  };
}

async function written(write: Promise<unknown>, serial: string): Promise<boolean> {
  try {
    return await unlessRefused(write);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const message = `the token ${serial} would exceed the 400 KB of an item`;
    throw new TokenwrightError('token_too_large', message, {}, { cause: error });
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException' && /item size/i.test(error.message);
}

export function memoryTokens(records: readonly TokenRecord[]): Pick<TokenStore, 'read' | 'serialsOf'> {
  const bySerial = new Map(records.map((record) => [record.token.serial, record]));
  const byOwner = new Map<string, string[]>();
  for (const { token } of records) {
    if (!token.user) continue;
    const owned = byOwner.get(ownerKey(token.user));
    if (owned) owned.push(token.serial);
    else byOwner.set(ownerKey(token.user), [token.serial]);
  }
  for (const owned of byOwner.values()) owned.sort();
  return {
    read: async (serial) => bySerial.get(serial),
    async *serialsOf(owner, after = '') {
      yield* (byOwner.get(ownerKey(owner)) ?? []).filter((serial) => serial > after);
    },
  };
}
