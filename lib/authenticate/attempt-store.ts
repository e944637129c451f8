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

/** The user and address of an attempt. */
export interface Attempting {
  readonly login: string;
  readonly realm: string;
  /** The user's count, read together with the user; `null`: not in the directory. */
  readonly known: { readonly failures: Failures | undefined } | null;
  readonly address: string | null;
}

export interface AttemptStore {
  /** Reads the failures in a window. @param window its beginning, in seconds since 1970 */
  ofUser(who: Attempting, window: number): Promise<number>;
  ofAddress(address: string, window: number): Promise<number>;
  /** Counts one failure. @param ends when DynamoDB may delete the item, in seconds since 1970 */
  count(who: Attempting, window: number, ends: number): Promise<void>;
}

interface Seen {
  readonly window: number;
  readonly count: number;
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

const READ_AGAIN_AFTER = 60_000;
const REMEMBERED = 10_000;
const Item = z.object({ failures: z.int() });

/** @param table the directory's */
export function attemptStore(client: DynamoDBDocumentClient, table: string, now: () => number): AttemptStore {
  const seen = new Map<string, Seen>();

  const remember = (pk: string, window: number, count: number): number => {
    if (seen.size >= REMEMBERED) seen.clear();
    seen.set(pk, { window, count, readAt: now() });
    return count;
  };

  const read = async (pk: string, window: number): Promise<number> => {
    const known = seen.get(pk);
    if (known?.window === window && now() - known.readAt < READ_AGAIN_AFTER) return known.count;
    const Key = { pk, sk: String(window) };
    const found = (await client.send(new GetCommand({ TableName: table, Key }))).Item;
    return remember(pk, window, found === undefined ? 0 : parse(Item, found, 'bad_item').failures);
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
    remember(pk, window, parse(Item, Attributes, 'bad_item').failures);
  };

  /** Takes one write within a window and two at its beginning. A user who was deleted meanwhile is not created again. */
  const addToUser = async ({ login, realm }: Attempting, window: number): Promise<void> => {
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
    const again = () => change('ADD failures :one', 'failures_since = :window', { ':one': 1 });
    const anew = () =>
      change(
        'SET failures = :one, failures_since = :window',
        '(attribute_not_exists(failures_since) OR failures_since < :window)',
        { ':one': 1 },
      );
    // Another instance may have begun the window in between.
    if (!(await again()) && !(await anew())) await again();
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

/** Two parts and what is around them fit into a partition key, whose limit is 2048 bytes. */
const LONGEST_PART = 900;
const part = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, LONGEST_PART);
const keyOfAddress = (address: string): string => `attempts#address#${part(address)}`;
const keyOfName = ({ login, realm }: Attempting): string => `attempts#name#${part(realm)}#${part(login)}`;
