/** Puts directory items, in batches. */
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const BATCH = 25;

/** @param items with their keys; one that is there already is replaced */
export async function writeDirectory(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  const byKey = new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item]));
  let waiting = [...byKey.values()];
  while (waiting.length > 0) {
    const requests = waiting.slice(0, BATCH).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
    const left = (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
      PutRequest?.Item ? [PutRequest.Item] : [],
    );
    waiting = [...left, ...waiting.slice(BATCH)];
  }
}
