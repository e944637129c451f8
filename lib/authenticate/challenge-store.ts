/**
 * Stores challenges as items of the directory, by token and transaction, where conditions of definitions see them.
 * DynamoDB deletes an item some time after the challenge has expired. An answer deletes all items of the transaction,
 * last first and each under the condition that it exists: of two answers at once, one finds an item missing.
 */
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { isSortKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { keys } from '../directory/items.ts';
import { parse } from '../schema/validate.ts';

export interface StoredChallenge {
  readonly serial: string;
  readonly transaction: string;
  /** When it was made and when it expires, in milliseconds since 1970. */
  readonly at: number;
  readonly expires: number;
  /** The text that the user was shown. */
  readonly text: string;
  /** The positions of an indexed secret that it asks for. */
  readonly positions: readonly number[];
  /** The number of wrong answers. */
  readonly received: number;
}

export interface ChallengeStore {
  create(challenge: Omit<StoredChallenge, 'received'>): Promise<void>;
  /** Reads the challenges of a transaction for these tokens (consistent read). */
  ofTransaction(transaction: string, serials: readonly string[]): Promise<StoredChallenge[]>;
  /** Reads all challenges of a token, also expired ones that are not deleted yet. */
  ofToken(serial: string): Promise<StoredChallenge[]>;
  /** Deletes challenges. @returns false if one was missing: another answer has taken it */
  take(challenges: readonly StoredChallenge[]): Promise<boolean>;
  /** Counts a wrong answer. */
  countAnswer(challenge: StoredChallenge): Promise<void>;
}

const Item = z.looseObject({
  serial: z.string(),
  transaction_id: z.string(),
  at: z._default(z.int(), 0),
  ends: z.optional(z.int()),
  expires: z.union([z.string(), z.int()]),
  text: z._default(z.string(), ''),
  positions: z._default(z.array(z.int()), []),
  received: z._default(z.int(), 0),
});

/** Opens the store. @param table the directory's */
export function challengeStore(client: DynamoDBDocumentClient, table: string): ChallengeStore {
  const stored = (item: unknown): StoredChallenge => {
    const { serial, transaction_id, at, ends, expires, text, positions, received } = parse(Item, item, 'bad_item');
    const end = ends ?? (typeof expires === 'string' ? Date.parse(expires) : expires * 1000);
    return { serial, transaction: transaction_id, at, expires: Number.isNaN(end) ? 0 : end, text, positions, received };
  };
  return {
    async create({ serial, transaction, at, expires, text, positions }) {
      const Item = {
        ...keys.challenge(serial, transaction),
        ...{ serial, transaction_id: transaction, session: '', at, text },
        ends: expires,
        expires: Math.ceil(expires / 1000),
        ...(positions.length > 0 && { positions }),
      };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async ofTransaction(transaction, serials) {
      const found: StoredChallenge[] = [];
      // DynamoDB refuses such a key, which no stored challenge has.
      if (!isSortKey(keys.challenge('', transaction).sk)) return found;
      let waiting = serials.map((serial) => keys.challenge(serial, transaction));
      while (waiting.length > 0) {
        const wanted = { [table]: { Keys: waiting.slice(0, 100), ConsistentRead: true } };
        const page = await client.send(new BatchGetCommand({ RequestItems: wanted }));
        found.push(...(page.Responses?.[table] ?? []).map(stored));
        const left = (page.UnprocessedKeys?.[table]?.Keys ?? []).map(({ pk, sk }) => ({ pk: `${pk}`, sk: `${sk}` }));
        waiting = [...left, ...waiting.slice(100)];
      }
      return found;
    },

    async ofToken(serial) {
      const found: StoredChallenge[] = [];
      const query = queryItems(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.challenge(serial, '').pk },
      });
      for await (const item of query) found.push(stored(item));
      return found;
    },

    async take(challenges) {
      const lastFirst = [...challenges].sort((a, b) => (a.serial < b.serial ? 1 : -1));
      for (const { serial, transaction } of lastFirst) {
        const Key = keys.challenge(serial, transaction);
        const remove = new DeleteCommand({
          TableName: table,
          Key,
          ConditionExpression: 'attribute_exists(pk)',
        });
        if (!(await unlessRefused(client.send(remove)))) return false;
      }
      return true;
    },

    async countAnswer({ serial, transaction }) {
      const count = new UpdateCommand({
        TableName: table,
        Key: keys.challenge(serial, transaction),
        UpdateExpression: 'ADD received :one',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':one': 1 },
      });
      await unlessRefused(client.send(count));
    },
  };
}
