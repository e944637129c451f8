/**
 * Definitions in DynamoDB: every version of a definition is an item that never changes; a set names one
 * version of each; one small pointer item names the current set. So a reader sees one set or the next,
 * never half of one, and what it holds by id and version stays right for ever.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { queryItems } from '../aws/query.ts';
import { TokenwrightError } from '../error.ts';
import { parse } from '../validate.ts';

/** id -> version. */
export type DefinitionSet = ReadonlyMap<number, number>;

/** Not yet checked: what was saved by an older Tokenwright may not please this one; `undefined`: no JSON at all. */
export interface StoredDefinition {
  readonly id: number;
  readonly version: number;
  readonly body: unknown;
}

export interface DefinitionStore {
  /** The current set's number; 0 where nothing was ever saved. One small consistent read. */
  currentSet(): Promise<number>;
  /** What a set holds. */
  readSet(set: number): Promise<DefinitionSet>;
  read(id: number, version: number): Promise<StoredDefinition | undefined>;
  readMany(set: DefinitionSet): Promise<StoredDefinition[]>;
  /** Saves a new version and returns its number. */
  save(id: number, body: unknown): Promise<number>;
  /**
   * Writes a set beside the present one, under a number of its own, and moves the pointer.
   * @throws TokenwrightError `definitions_changed` where someone else moved it since `from` was read
   */
  apply(from: number, entries: DefinitionSet): Promise<number>;
}

const Pointer = z.looseObject({ set: z.int() });
const SetItem = z.looseObject({ entries: z.record(z.string(), z.int()) });
const DefinitionItem = z.looseObject({ sk: z.string(), body: z.string() });

const POINTER = { pk: 'pointer', sk: 'current' };
const ENTRIES_PER_ITEM = 5000;

const setKey = (set: number) => `set#${set}`;
const definitionKey = (id: number) => `definition#${id}`;
/** Padded, so that the sort key's order is the order of versions. */
const versionKey = (version: number) => String(version).padStart(10, '0');

/** The store on the table that `tokenwright` deploys for definitions. */
export function definitionStore(client: DynamoDBDocumentClient, table: string): DefinitionStore {
  const put = (item: Record<string, unknown>) =>
    client.send(new PutCommand({ TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }));

  const toStored = (id: number, item: unknown): StoredDefinition => {
    const { sk, body } = parse(DefinitionItem, item, 'bad_item');
    return { id, version: Number(sk), body: readJson(body) };
  };

  const putSet = (set: number, part: number, entries: DefinitionSet) =>
    put({ pk: setKey(set), sk: versionKey(part), entries: Object.fromEntries(entries) });

  /** The first number that nobody has used yet: a set that someone else wrote and never put in force stays his. */
  const claimSet = async (from: number, entries: DefinitionSet): Promise<number> => {
    for (let set = from + 1; ; set += 1) {
      try {
        await putSet(set, 0, entries);
        return set;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
  };

  const latestVersion = async (id: number): Promise<number> => {
    const newestFirst = queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': definitionKey(id) },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: 1,
    });
    for await (const { sk } of newestFirst) return Number(sk);
    return 0;
  };

  return {
    async currentSet() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: POINTER, ConsistentRead: true }));
      return Item === undefined ? 0 : parse(Pointer, Item, 'bad_item').set;
    },

    async readSet(set) {
      const entries = new Map<number, number>();
      const parts = queryItems(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': setKey(set) },
        ConsistentRead: true,
      });
      for await (const item of parts) {
        const part = parse(SetItem, item, 'bad_item').entries;
        for (const [id, version] of Object.entries(part)) entries.set(Number(id), version);
      }
      return entries;
    },

    async read(id, version) {
      const Key = { pk: definitionKey(id), sk: versionKey(version) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item === undefined ? undefined : toStored(id, Item);
    },

    async readMany(set) {
      const stored: StoredDefinition[] = [];
      let waiting = [...set].map(([id, version]) => ({ pk: definitionKey(id), sk: versionKey(version) }));
      while (waiting.length > 0) {
        const keys = waiting.slice(0, 100);
        const wanted = { [table]: { Keys: keys, ConsistentRead: true } };
        const page = await client.send(new BatchGetCommand({ RequestItems: wanted }));
        for (const item of page.Responses?.[table] ?? []) {
          stored.push(toStored(Number(String(item.pk).slice('definition#'.length)), item));
        }
        const left = (page.UnprocessedKeys?.[table]?.Keys ?? []).map(({ pk, sk }) => ({
          pk: String(pk),
          sk: String(sk),
        }));
        waiting = [...left, ...waiting.slice(100)];
      }
      return stored;
    },

    async save(id, body) {
      for (;;) {
        const version = (await latestVersion(id)) + 1;
        try {
          await put({ pk: definitionKey(id), sk: versionKey(version), body: JSON.stringify(body) });
          return version;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }
    },

    async apply(from, entries) {
      const all = [...entries];
      const partOf = (part: number): DefinitionSet =>
        new Map(all.slice(part * ENTRIES_PER_ITEM, (part + 1) * ENTRIES_PER_ITEM));
      const set = await claimSet(from, partOf(0));
      for (let part = 1; part * ENTRIES_PER_ITEM < all.length; part += 1) await putSet(set, part, partOf(part));
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...POINTER, set },
            ConditionExpression: from === 0 ? 'attribute_not_exists(pk)' : '#set = :from',
            ...(from === 0
              ? {}
              : { ExpressionAttributeNames: { '#set': 'set' }, ExpressionAttributeValues: { ':from': from } }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        throw new TokenwrightError(
          'definitions_changed',
          'someone else changed the definitions meanwhile; nothing was changed by this call',
        );
      }
      return set;
    },
  };
}

/** `undefined`, which no definition is, where the text is no JSON: one such item must not stop the others. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
