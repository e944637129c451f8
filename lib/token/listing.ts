/** Lists the tokens of a state page by page, from the sparse indexes (eventually consistent, keys only). */
import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { recordOf } from './item.ts';
import { isLive, type TokenRecord } from './record.ts';
import { shardKey, type TokenState } from './state.ts';

/** A page of one shard, ordered by serial. */
export interface Page {
  readonly serials: readonly string[];
  /** Whether there may be more behind it. */
  readonly more: boolean;
}

/** Reads a page. @param after the last serial that was seen; `''`: from the beginning @param limit the most serials */
export type ListTokens = (state: TokenState, shard: number, after: string, limit: number) => Promise<Page>;

export function tokenListing(client: DynamoDBDocumentClient, table: string): ListTokens {
  return async (state, shard, after, limit) => {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: state,
        // Uses a condition instead of ExclusiveStartKey, because a lane stores only the last serial.
        KeyConditionExpression: after === '' ? '#state = :shard' : '#state = :shard AND serial > :after',
        ExpressionAttributeNames: { '#state': state },
        ExpressionAttributeValues: { ':shard': shardKey(state, shard), ...(after === '' ? {} : { ':after': after }) },
        Limit: limit,
      }),
    );
    const serials = (page.Items ?? []).map(({ serial }) => String(serial));
    return { serials, more: page.LastEvaluatedKey !== undefined };
  };
}

/** Reads all tokens, in any order. For administrators only, never to handle an event. */
export async function* scanTokens(client: DynamoDBDocumentClient, table: string): AsyncIterable<TokenRecord> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    for (const item of page.Items ?? []) {
      const record = recordOf(item);
      if (isLive(record)) yield record;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
