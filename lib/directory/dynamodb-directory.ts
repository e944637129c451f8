/** The directory on a DynamoDB table. */
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isPartitionKey, isSortKey, queryItems, unlessRefused } from '../aws/dynamodb.ts';
import type { Directory } from './directory.ts';
import { itemDirectory } from './item-directory.ts';
import { keys } from './items.ts';

/** A directory on the table that `tokenwright` deploys for it. */
export function dynamodbDirectory(client: DynamoDBDocumentClient, table: string): Directory {
  return itemDirectory({
    async get(key) {
      if (!isPartitionKey(key.pk) || !isSortKey(key.sk)) return undefined;
      return (await client.send(new GetCommand({ TableName: table, Key: { ...key } }))).Item;
    },
    async *query(pk) {
      if (!isPartitionKey(pk)) return;
      yield* queryItems(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      });
    },
  });
}

const BATCH = 25;

/** Puts items in batches. @param items with their keys; an existing item is replaced */
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

/** Puts a token into a container. Repeating it changes nothing. */
export function containerWriter(client: DynamoDBDocumentClient, table: string) {
  return async (token: string, container: string): Promise<void> => {
    const link = new PutCommand({
      TableName: table,
      Item: { ...keys.containerOfToken(token), container },
      ConditionExpression: 'attribute_not_exists(pk) OR #container = :container',
      ExpressionAttributeNames: { '#container': 'container' },
      ExpressionAttributeValues: { ':container': container },
    });
    const append = new UpdateCommand({
      TableName: table,
      Key: keys.container(container),
      UpdateExpression: 'SET #tokens = list_append(#tokens, :one)',
      ConditionExpression: 'attribute_exists(pk) AND NOT contains(#tokens, :token)',
      ExpressionAttributeNames: { '#tokens': 'tokens' },
      ExpressionAttributeValues: { ':one': [token], ':token': token },
    });
    // Refused if someone has moved the token since: it then stays there.
    if (await unlessRefused(client.send(link))) await unlessRefused(client.send(append));
  };
}
