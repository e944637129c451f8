/**
 * Counts failed attempts by user and by address, in windows of fixed length, for all instances. The count of a user is
 * in the item that a login reads anyway. An address, or a name that is not in the directory, has an item of its own,
 * which an instance reads at most once a minute (docs/decisions/0060-limits-of-attempts.md).
 */
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { unlessRefused } from '../aws/dynamodb.ts';
import { type Failures, keys } from '../directory/items.ts';
import { parse } from '../schema/validate.ts';

/** The user and address that an attempt counts for. */
export interface AttemptSubject {
  readonly login: string;
  readonly realm: string;
  /** The user's count, read together with the user; `null`: not in the directory. */
  readonly known: { readonly failures: Failures | undefined } | null;
  readonly address: string | null;
}

export interface AttemptStore {
  /** Reads the failures in a window. @param window its beginning, in seconds since 1970 */
  ofUser(who: AttemptSubject, window: number): Promise<number>;
  /** Reads the failures from an address in a window, as this instance knows them: at most a minute old. */
  ofAddress(address: string, window: number): Promise<number>;
  /** Counts one failure. @param ends when DynamoDB may delete the item, in seconds since 1970 */
  count(who: AttemptSubject, window: number, ends: number): Promise<void>;
}

interface CachedCount {
  readonly window: number;
  readonly count: number;
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

const READ_AGAIN_AFTER_MS = 60_000;
const MAX_CACHED = 10_000;
const Item = z.object({ failures: z.int() });

/** Opens the store. @param table the directory's @param now the instance's clock, in milliseconds since 1970 */
export function attemptStore(client: DynamoDBDocumentClient, table: string, now: () => number): AttemptStore {
  const cached = new Map<string, CachedCount>();

  const cache = (pk: string, window: number, count: number): number => {
    if (cached.size >= MAX_CACHED) cached.clear();
    cached.set(pk, { window, count, readAt: now() });
    return count;
  };

  const read = async (pk: string, window: number): Promise<number> => {
    const known = cached.get(pk);
    if (known?.window === window && now() - known.readAt < READ_AGAIN_AFTER_MS) return known.count;
    const Key = { pk, sk: String(window) };
    const found = (await client.send(new GetCommand({ TableName: table, Key }))).Item;
    return cache(pk, window, found === undefined ? 0 : parse(Item, found, 'bad_item').failures);
  };

  const add = async (pk: string, window: number, ends: number): Promise<void> => {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk, sk: String(window) },
        UpdateExpression: 'ADD failures :one SET expires = :ends',
        ExpressionAttributeValues: { ':one': 1, ':ends': ends },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    cache(pk, window, parse(Item, Attributes, 'bad_item').failures);
  };

  /**
   * Takes one write within a window and two at its beginning. A user who was deleted meanwhile is not created again.
   */
  const addToUser = async ({ login, realm }: AttemptSubject, window: number): Promise<void> => {
    const change = (UpdateExpression: string, ConditionExpression: string, values: Record<string, number>) =>
      unlessRefused(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: keys.userByLogin({ login, realm }),
            UpdateExpression,
            ConditionExpression: `attribute_exists(pk) AND ${ConditionExpression}`,
            ExpressionAttributeValues: { ':window': window, ...values },
          }),
        ),
      );
    const increment = () => change('ADD failures :one', 'failures_since = :window', { ':one': 1 });
    const beginWindow = () =>
      change(
        'SET failures = :one, failures_since = :window',
        '(attribute_not_exists(failures_since) OR failures_since < :window)',
        { ':one': 1 },
      );
    // Another instance may have begun the window in between.
    if (!(await increment()) && !(await beginWindow())) await increment();
  };

  return {
    async ofUser(who, window) {
      if (who.known === null) return read(keyOfName(who), window);
      const { failures } = who.known;
      return failures?.since === window ? failures.count : 0;
    },
    ofAddress: (address, window) => read(keyOfAddress(address), window),
    async count(who, window, ends) {
      const { address } = who;
      await Promise.all([
        who.known === null ? add(keyOfName(who), window, ends) : addToUser(who, window),
        ...(address === null ? [] : [add(keyOfAddress(address), window, ends)]),
      ]);
    },
  };
}

/** Limits a part of a key, in characters: two of them and what is around them fit into a partition key (2048 bytes). */
const LONGEST_PART = 900;
const part = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, LONGEST_PART);
const keyOfAddress = (address: string): string => `attempts#address#${part(address)}`;
const keyOfName = ({ login, realm }: AttemptSubject): string => `attempts#name#${part(realm)}#${part(login)}`;
