/**
 * Definitions in DynamoDB: every version of a definition is an item that never changes; a set names one
 * version of each; one small pointer item names the current set. So a reader sees one set or the next,
 * never half of one, and what it holds by id and version stays right for ever. A version names the one whose
 * place it took: what was saved and never came in force is on no such chain.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { queryItems } from '../aws/query.ts';
import { TokenwrightError } from '../error.ts';
import { parse } from '../validate.ts';
import { requireSealed } from './sealed-options.ts';

/** id -> version. */
export type DefinitionSet = ReadonlyMap<number, number>;

/** A set, and what it left behind: the version that says of each deleted id that, when and by whom it was deleted. */
export interface WholeSet {
  readonly live: DefinitionSet;
  readonly deleted: DefinitionSet;
}

/** Not yet checked: what was saved by an older Tokenwright may not please this one; `undefined`: no JSON at all. */
export interface StoredDefinition {
  readonly id: number;
  readonly version: number;
  readonly body: unknown;
}

/** Who changed definitions, when and why. */
export interface Note {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** What was done: `apply`, `enable`, `rollback to v2`, ... */
  readonly how: string;
  readonly message: string;
}

/** A version before it has a number. */
export interface NewVersion {
  readonly id: number;
  /** `null`: the definition is deleted. */
  readonly body: unknown;
  /** The version whose place it takes; 0: none. */
  readonly after: number;
  readonly note: Note;
}

/** A version as it was saved; one that was saved before notes were kept has none. */
export interface SavedVersion extends StoredDefinition {
  readonly after: number;
  readonly note: Note | null;
}

export interface DefinitionStore {
  /** The current set's number; 0 where nothing was ever saved. One small consistent read. */
  currentSet(): Promise<number>;
  /** What a set holds. */
  readSet(set: number): Promise<DefinitionSet>;
  readWholeSet(set: number): Promise<WholeSet>;
  read(id: number, version: number): Promise<StoredDefinition | undefined>;
  readMany(set: DefinitionSet): Promise<StoredDefinition[]>;
  /** Every version that was ever saved of a definition, newest first. */
  versions(id: number): Promise<SavedVersion[]>;
  /** Saves a version, its secrets sealed, under the first free number above the one whose place it takes; returns it. */
  save(version: NewVersion): Promise<number>;
  /**
   * Writes a set beside the present one, under a number of its own, and moves the pointer.
   * @throws TokenwrightError `definitions_changed` where someone else moved it since `from` was read
   */
  apply(from: number, set: WholeSet): Promise<number>;
}

const Entries = z.record(z.string(), z.int());
const Pointer = z.looseObject({ set: z.int() });
const SetItem = z.looseObject({ entries: Entries, deleted: z.optional(Entries) });
const DefinitionItem = z.looseObject({
  sk: z.string(),
  body: z.string(),
  after: z.optional(z.int()),
  note: z.optional(z.object({ at: z.string(), by: z.string(), how: z.string(), message: z.string() })),
});

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

  const putNew = async (item: Record<string, unknown>): Promise<boolean> => {
    try {
      await put(item);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const toSaved = (id: number, item: unknown): SavedVersion => {
    const { sk, body, after, note = null } = parse(DefinitionItem, item, 'bad_item');
    const version = Number(sk);
    // Before versions named their predecessor, they were counted without a gap.
    return { id, version, body: readJson(body), after: after ?? version - 1, note };
  };

  const toStored = (key: number, item: unknown): StoredDefinition => {
    const { id, version, body } = toSaved(key, item);
    return { id, version, body };
  };

  /** Conditional: someone who was refused may have left the number behind. */
  const putVersion = ({ id, body, ...rest }: NewVersion, version: number): Promise<boolean> =>
    putNew({ pk: definitionKey(id), sk: versionKey(version), body: JSON.stringify(body), ...rest });

  const versionItems = (id: number, limit?: number) =>
    queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': definitionKey(id) },
      ScanIndexForward: false,
      ConsistentRead: true,
      ...(limit && { Limit: limit }),
    });

  const latestVersion = async (id: number): Promise<number> => {
    for await (const { sk } of versionItems(id, 1)) return Number(sk);
    return 0;
  };

  const readWholeSet = async (set: number): Promise<WholeSet> => {
    const [live, deleted] = [new Map<number, number>(), new Map<number, number>()];
    const parts = queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': setKey(set) },
      ConsistentRead: true,
    });
    for await (const item of parts) {
      const part = parse(SetItem, item, 'bad_item');
      for (const [id, version] of Object.entries(part.entries)) live.set(Number(id), version);
      for (const [id, version] of Object.entries(part.deleted ?? {})) deleted.set(Number(id), version);
    }
    return { live, deleted };
  };

  /** Under the first number that nobody has used yet: a set that someone else wrote and never put in force stays his. */
  const writeSet = async (from: number, set: WholeSet): Promise<number> => {
    const parts = partsOf(set);
    const item = (number: number, part: number) => ({
      pk: setKey(number),
      sk: versionKey(part),
      ...(parts[part] ?? { entries: {} }),
    });
    let number = from + 1;
    while (!(await putNew(item(number, 0)))) number += 1;
    for (let part = 1; part < parts.length; part += 1) await put(item(number, part));
    return number;
  };

  return {
    async currentSet() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: POINTER, ConsistentRead: true }));
      return Item === undefined ? 0 : parse(Pointer, Item, 'bad_item').set;
    },

    readSet: async (set) => (await readWholeSet(set)).live,

    readWholeSet,

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

    async versions(id) {
      const all: SavedVersion[] = [];
      for await (const item of versionItems(id)) all.push(toSaved(id, item));
      return all;
    },

    async save(given) {
      requireSealed(given.body);
      for (let version = given.after + 1; ; version = (await latestVersion(given.id)) + 1) {
        if (await putVersion(given, version)) return version;
      }
    },

    async apply(from, given) {
      const set = await writeSet(from, given);
      const unmoved = from === 0 ? 'attribute_not_exists(pk)' : '#set = :from';
      const names = { ExpressionAttributeNames: { '#set': 'set' }, ExpressionAttributeValues: { ':from': from } };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...POINTER, set },
            ConditionExpression: unmoved,
            ...(from === 0 ? {} : names),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // Our own put, whose answer was lost and which the SDK repeated: a set's number is its writer's alone.
        if ((await this.currentSet()) === set) return set;
        throw new TokenwrightError(
          'definitions_changed',
          'someone else changed the definitions meanwhile; nothing was changed by this call',
        );
      }
      return set;
    },
  };
}

/** A set as items below DynamoDB's 400 KB. */
function partsOf({ live, deleted }: WholeSet) {
  const count = Math.ceil(Math.max(live.size, deleted.size, 1) / ENTRIES_PER_ITEM);
  const slice = (entries: DefinitionSet, part: number) =>
    Object.fromEntries([...entries].slice(part * ENTRIES_PER_ITEM, (part + 1) * ENTRIES_PER_ITEM));
  return Array.from({ length: count }, (_, part) => ({ entries: slice(live, part), deleted: slice(deleted, part) }));
}

/** `undefined`, which no definition is, where the text is no JSON: one such item must not stop the others. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
