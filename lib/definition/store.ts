/**
 * Stores definitions in DynamoDB. Each version of a definition is an item that never changes; a set names the applied
 * ones (`set-store.ts`), so that a reader sees one set or the next, never a mixture. A version names its predecessor: a
 * version that was saved but never applied is no version's predecessor.
 */
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { newItem, orderedKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';
import { requireSealed } from './sealed-options.ts';
import { type LiveVersions, type SetStore, setStore } from './set-store.ts';

/** A stored definition, unchecked: another release may have saved it. `body` is `undefined` if it is not JSON. */
export interface StoredDefinition {
  readonly id: number;
  readonly version: number;
  readonly body: unknown;
}

/** The author, time and reason of a change. */
export interface ChangeNote {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** The operation: `apply`, `enable`, `rollback to v2`, ... */
  readonly how: string;
  readonly message: string;
}

/** A version to be saved. */
export interface NewVersion {
  readonly id: number;
  /** `null` if the definition is deleted. */
  readonly body: unknown;
  /** The version that it replaces; 0 if there is none. */
  readonly after: number;
  readonly note: ChangeNote;
}

/** A saved version. `note` is `null` if it was saved before notes were kept. */
export interface SavedVersion extends StoredDefinition {
  readonly after: number;
  readonly note: ChangeNote | null;
}

export interface DefinitionStore extends SetStore {
  /** Reads one version; `undefined`: it was never saved. */
  read(id: number, version: number): Promise<StoredDefinition | undefined>;
  /** Reads the versions of a set, in no order. */
  readMany(set: LiveVersions): Promise<StoredDefinition[]>;
  /** Reads all saved versions of a definition, newest first. */
  versions(id: number): Promise<SavedVersion[]>;
  /**
   * Saves a version with sealed secrets, under the first unused number above the one that it replaces. Returns the
   * number.
   */
  save(version: NewVersion): Promise<number>;
}

const DefinitionItem = z.looseObject({
  sk: z.string(),
  body: z.string(),
  after: z.optional(z.int()),
  note: z.optional(z.object({ at: z.string(), by: z.string(), how: z.string(), message: z.string() })),
});

const definitionKey = (id: number) => `definition#${id}`;

/** Opens the store on the table that the stack has for definitions. */
export function definitionStore(client: DynamoDBDocumentClient, table: string): DefinitionStore {
  const toSaved = (id: number, item: unknown): SavedVersion => {
    const { sk, body, after, note = null } = parse(DefinitionItem, item, 'bad_item');
    const version = Number(sk);
    // Older releases stored no predecessor, and numbered versions without gaps.
    return { id, version, body: readJson(body), after: after ?? version - 1, note };
  };

  const toStored = (key: number, item: unknown): StoredDefinition => {
    const { id, version, body } = toSaved(key, item);
    return { id, version, body };
  };

  /** Writes conditionally: a refused writer may have used the number. */
  const putVersion = ({ id, body, ...rest }: NewVersion, version: number): Promise<boolean> =>
    unlessRefused(
      client.send(
        newItem(table, { pk: definitionKey(id), sk: orderedKey(version), body: JSON.stringify(body), ...rest }),
      ),
    );

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

  return {
    ...setStore(client, table),

    async read(id, version) {
      const Key = { pk: definitionKey(id), sk: orderedKey(version) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item === undefined ? undefined : toStored(id, Item);
    },

    async readMany(set) {
      const stored: StoredDefinition[] = [];
      let waiting = [...set].map(([id, version]) => ({ pk: definitionKey(id), sk: orderedKey(version) }));
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

    async save(version) {
      requireSealed(version.body);
      for (let number = version.after + 1; ; number = (await latestVersion(version.id)) + 1) {
        if (await putVersion(version, number)) return number;
      }
    },
  };
}

/** Parses a body; `undefined` if it is not JSON, so that one such item does not stop the others. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
