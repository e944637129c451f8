/** The data keys in DynamoDB, wrapped by KMS. Items are only added: a lost key would lose its secrets. */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { queryItems, unlessRefused } from '../aws/dynamodb.ts';
import { parse } from '../schema/validate.ts';
import type { KeyTable, RingName } from './key-ring.ts';

const Item = z.object({
  version: z.int().check(z.gte(1), z.lte(0xffff_ffff)),
  wrapped: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary'),
});

/** The keys of a ring, in the table that is deployed for them. All versions are under one key, so that the newest is one small query. */
export function keyTable(client: DynamoDBDocumentClient, table: string, ring: RingName = 'data'): KeyTable {
  return {
    async newest() {
      const newestFirst = queryItems(client, {
        TableName: table,
        KeyConditionExpression: 'ring = :ring',
        ExpressionAttributeValues: { ':ring': ring },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      });
      for await (const item of newestFirst) return parse(Item, item, 'bad_item');
      return undefined;
    },

    async read(version) {
      const get = new GetCommand({ TableName: table, Key: { ring, version }, ConsistentRead: true });
      const found = (await client.send(get)).Item;
      return found === undefined ? undefined : parse(Item, found, 'bad_item');
    },

    async add({ version, wrapped }) {
      const put = new PutCommand({
        TableName: table,
        Item: { ring, version, wrapped },
        ConditionExpression: 'attribute_not_exists(ring)',
      });
      return unlessRefused(client.send(put));
    },
  };
}
