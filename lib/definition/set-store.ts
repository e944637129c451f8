/**
 * Stores sets of definitions in DynamoDB. A set names one version of each definition and never changes. One small pointer
 * item names the applied set: a change writes a new set and moves the pointer.
 */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { newItem, orderedKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { TokenwrightError } from '../base/error.ts';
import { parse } from '../schema/validate.ts';

/** Versions by definition id. */
export type LiveVersions = ReadonlyMap<number, number>;

/** A set, with the versions that record when and by whom deleted definitions were deleted. */
export interface WholeSet {
  readonly live: LiveVersions;
  readonly deleted: LiveVersions;
}

export interface SetStore {
  /** Returns the current set's number; 0 if nothing was ever saved. One small consistent read. */
  currentSetNumber(): Promise<number>;
  /** Reads the versions of a set. */
  readSet(set: number): Promise<LiveVersions>;
  /** Reads a set with its deleted definitions. */
  readWholeSet(set: number): Promise<WholeSet>;
  /**
   * Writes a new set under an unused number, and moves the pointer.
   * @throws TokenwrightError `definitions_changed` if someone else has moved it since `from` was read
   */
  apply(from: number, set: WholeSet): Promise<number>;
}

const Entries = z.record(z.string(), z.int());
const Pointer = z.looseObject({ set: z.int() });
const SetItem = z.looseObject({ entries: Entries, deleted: z.optional(Entries) });

const POINTER = { pk: 'pointer', sk: 'current' };
const ENTRIES_PER_ITEM = 5000;

const setKey = (set: number) => `set#${set}`;

/** Opens the sets. @param table that of the definitions */
export function setStore(client: DynamoDBDocumentClient, table: string): SetStore {
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

  /** Writes under the first unused number: a set that someone else wrote and never applied is not overwritten. */
  const writeSet = async (from: number, set: WholeSet): Promise<number> => {
    const parts = partsOf(set);
    const item = (number: number, part: number) => ({
      pk: setKey(number),
      sk: orderedKey(part),
      ...(parts[part] ?? { entries: {} }),
    });
    let number = from + 1;
    while (!(await unlessRefused(client.send(newItem(table, item(number, 0)))))) number += 1;
    for (let part = 1; part < parts.length; part += 1) await client.send(newItem(table, item(number, part)));
    return number;
  };

  return {
    async currentSetNumber() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: POINTER, ConsistentRead: true }));
      return Item === undefined ? 0 : parse(Pointer, Item, 'bad_item').set;
    },

    readSet: async (set) => (await readWholeSet(set)).live,

    readWholeSet,

    async apply(from, whole) {
      const set = await writeSet(from, whole);
      const unmoved = from === 0 ? 'attribute_not_exists(pk)' : '#set = :from';
      const names = { ExpressionAttributeNames: { '#set': 'set' }, ExpressionAttributeValues: { ':from': from } };
      const put = new PutCommand({
        TableName: table,
        Item: { ...POINTER, set },
        ConditionExpression: unmoved,
        ...(from === 0 ? {} : names),
      });
      if (await unlessRefused(client.send(put))) return set;
      // The SDK repeats a put whose answer was lost. A set's number has one writer, so this was our own put.
      if ((await this.currentSetNumber()) === set) return set;
      throw new TokenwrightError(
        'definitions_changed',
        'someone else changed the definitions meanwhile; nothing was changed by this call',
      );
    },
  };
}

/** Splits a set into items below DynamoDB's 400 KB. */
function partsOf({ live, deleted }: WholeSet) {
  const count = Math.ceil(Math.max(live.size, deleted.size, 1) / ENTRIES_PER_ITEM);
  const slice = (entries: LiveVersions, part: number) =>
    Object.fromEntries([...entries].slice(part * ENTRIES_PER_ITEM, (part + 1) * ENTRIES_PER_ITEM));
  return Array.from({ length: count }, (_, part) => ({ entries: slice(live, part), deleted: slice(deleted, part) }));
}
