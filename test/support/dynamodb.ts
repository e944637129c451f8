/**
 * test/support proves nothing: it holds what several test folders use.
 *
 * A real DynamoDB API for a test file: embedded, empty, with the token table as it is deployed.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamodbServer } from '../../infra/local/dynamodb.ts';
import { listen, stopServer } from '../../infra/local/listen.ts';
import { createTable } from '../../infra/local/tables.ts';

export const TABLE = 'tokens';

export async function startDynamodb() {
  const server = dynamodbServer(undefined, () => undefined);
  const [endpoint = ''] = await listen([server], 0);
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createTable(client, {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'serial', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'serial', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'owner',
        KeySchema: [
          { AttributeName: 'owner', KeyType: 'HASH' },
          { AttributeName: 'serial', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const stop = async (): Promise<void> => {
    client.destroy();
    await stopServer(server);
  };
  return { documents, stop };
}

/** Makes a table with the keys `pk` and `sk`, as those of definitions and of the directory are deployed. */
export async function createPkSkTable(documents: DynamoDBDocumentClient, table: string): Promise<void> {
  await createTable(documents, {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
}
