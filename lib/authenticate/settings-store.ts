/**
 * Stores the settings in DynamoDB, beside the definitions: every version of the one document is an item that never
 * changes, and the newest is applied. A rollback is a new version with the contents of an older one.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { newItem, orderedKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { TokenwrightError } from '../base/error.ts';
import type { ChangeNote } from '../definition/store.ts';
import { parse } from '../schema/validate.ts';
import { readSettings, type Settings } from './settings.ts';

export interface SavedSettings {
  /** 0: nothing was ever applied. */
  readonly version: number;
  /** The settings that were given; absent ones have their defaults. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly note: ChangeNote | null;
}

export interface SettingsStore {
  /** Reads the applied version. */
  current(): Promise<SavedSettings>;
  /** Reads all versions, newest first. */
  history(): Promise<SavedSettings[]>;
  /**
   * Applies a document.
   * @param after the version that it was planned for
   * @returns the new version
   * @throws Refusal `bad_settings`; TokenwrightError `settings_changed` if another one is applied by now
   */
  apply(document: unknown, after: number, note: ChangeNote): Promise<number>;
}

const Item = z.looseObject({
  sk: z.string(),
  document: z.record(z.string(), z.unknown()),
  note: z.object({ at: z.string(), by: z.string(), how: z.string(), message: z.string() }),
});
const NONE: SavedSettings = { version: 0, document: {}, note: null };
const KEY = 'settings';

/** Opens the store. @param table that of the definitions */
export function settingsStore(client: DynamoDBDocumentClient, table: string): SettingsStore {
  const versions = (limit?: number) =>
    queryItems(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': KEY },
      ScanIndexForward: false,
      ConsistentRead: true,
      ...(limit && { Limit: limit }),
    });
  const saved = (item: unknown): SavedSettings => {
    const { sk, document, note } = parse(Item, item, 'bad_item');
    return { version: Number(sk), document, note };
  };
  return {
    async current() {
      for await (const item of versions(1)) return saved(item);
      return NONE;
    },
    async history() {
      const all: SavedSettings[] = [];
      for await (const item of versions()) all.push(saved(item));
      return all;
    },
    async apply(document, after, note) {
      readSettings(document);
      const version = after + 1;
      const item = newItem(table, { pk: KEY, sk: orderedKey(version), document: document ?? {}, note });
      if (await unlessRefused(client.send(item))) return version;
      throw new TokenwrightError('settings_changed', `version ${version} of the settings is there already`, {
        allowed: 'plan again',
      });
    },
  };
}

/** Every instance applies a change within this time. */
const REVALIDATED_AFTER_MS = 5000;

/** Reads the applied settings, at most every 5 seconds. @param now the instance's clock, in milliseconds since 1970 */
export function settingsReader(store: Pick<SettingsStore, 'current'>, now: () => number): () => Promise<Settings> {
  let known: { readonly at: number; readonly settings: Promise<Settings> } | undefined;
  return () => {
    const age = known ? now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age >= 0 && age < REVALIDATED_AFTER_MS) return known.settings;
    const settings = store.current().then(({ document }) => readSettings(document));
    known = { at: now(), settings };
    settings.catch(() => {
      known = undefined;
    });
    return settings;
  };
}
