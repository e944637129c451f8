/**
 * Writes new tokens by the batch: a tenth of the work of one conditional write each, for files of many tokens. A batch
 * takes no condition, so each serial has to have been read (consistently) and found free just before.
 */
import { BatchWriteCommand, type BatchWriteCommandInput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inFlight } from '../../lib/base/in-flight.ts';
import { pauseWithJitter } from '../../lib/base/pause.ts';
import { itemOf } from '../../lib/token/item.ts';
import type { TokenRecord } from '../../lib/token/record.ts';

/** What one call takes. */
const PER_CALL = 25;
const CALLS_IN_FLIGHT = 4;

/**
 * Writes tokens under serials that have no item, no tombstone either.
 *
 * @returns those of a batch that DynamoDB refuses, a token above its 400 KB say: none of them is written
 */
export async function createMany(
  client: DynamoDBDocumentClient,
  table: string,
  records: readonly TokenRecord[],
): Promise<readonly TokenRecord[]> {
  const calls = Array.from({ length: Math.ceil(records.length / PER_CALL) }, (_, i) =>
    records.slice(i * PER_CALL, (i + 1) * PER_CALL),
  );
  const refused = await inFlight(
    calls,
    async (call) => ((await writeBatch(client, table, call)) ? [] : call),
    CALLS_IN_FLIGHT,
  );
  return refused.flat();
}

async function writeBatch(
  client: DynamoDBDocumentClient,
  table: string,
  records: readonly TokenRecord[],
): Promise<boolean> {
  const puts = records.map((record) => ({ PutRequest: { Item: itemOf({ ...record, version: 1 }) } }));
  let waiting: BatchWriteCommandInput['RequestItems'] = { [table]: puts };
  try {
    for (let attempt = 1; Object.keys(waiting ?? {}).length > 0; attempt += 1) {
      if (attempt > 1) await pauseWithJitter(attempt);
      waiting = (await client.send(new BatchWriteCommand({ RequestItems: waiting }))).UnprocessedItems;
    }
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException') return false;
    throw error;
  }
}
