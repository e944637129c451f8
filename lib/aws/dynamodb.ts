/**
 * What DynamoDB asks of its callers, for all tables: keys that it accepts, items that are written once, queries over
 * all their pages, and conditional writes.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

const PARTITION_BYTES = 2048;
const SORT_BYTES = 1024;

/**
 * Tells whether a text can be a partition key. One that cannot names no item, so that a read answers without asking:
 * DynamoDB would refuse the call each time, and a refusal that is retried keeps an event busy for a day.
 */
export function isPartitionKey(text: string): boolean {
  return fits(text, PARTITION_BYTES);
}

/** Tells whether a text can be a sort key. */
export function isSortKey(text: string): boolean {
  return fits(text, SORT_BYTES);
}

/** A key is UTF-8, which cannot hold half of a surrogate pair. */
function fits(text: string, bytes: number): boolean {
  return text !== '' && Buffer.byteLength(text) <= bytes && text.isWellFormed();
}

/** Writes a number as a sort key: padded, so that keys sort as the numbers do. */
export const orderedKey = (number: number) => String(number).padStart(10, '0');

/** Puts an item into a table with the partition key `pk`, if its key is free; otherwise the write is refused. */
export function newItem(table: string, item: Readonly<Record<string, unknown>>): PutCommand {
  return new PutCommand({ TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
}

/** Yields the items that a query finds, in its order. DynamoDB ends a page at 1 MB; the next is read when it is needed. */
export async function* queryItems(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
  let start = query.ExclusiveStartKey;
  do {
    const page = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: start }));
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** Waits for a conditional write. @returns false if its condition does not hold @throws any other error of the write */
export async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
