/** The directory on a DynamoDB table. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { isPartitionKey, isSortKey } from '../aws/key-part.ts';
import { queryItems } from '../aws/query.ts';
import type { Directory } from './directory.ts';
import { itemDirectory } from './item-directory.ts';

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
