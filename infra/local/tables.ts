/** Tables of serverless.yml: the requests that create them, sent to any endpoint that speaks DynamoDB. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

import type { Json } from './json.ts';

export interface LocalTable {
  readonly id: string;
  readonly create: CreateTableCommandInput;
}

/** The properties that have the same name in CloudFormation and in the API; the API does not have the others. */
const SHARED = [
  'TableName',
  'BillingMode',
  'AttributeDefinitions',
  'KeySchema',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
] as const;

/** Local endpoints require credentials, but do not check them. */
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export function tableOf(id: string, properties: Json): LocalTable {
  const create = Object.fromEntries(SHARED.flatMap((key) => (key in properties ? [[key, properties[key]]] : [])));
  // Not checked here: the endpoint refuses a property that is wrong.
  return { id, create: create as unknown as CreateTableCommandInput };
}

/** Creates the tables that are missing, all at once, and waits until they can be used. */
export async function createTables(
  endpoint: string,
  region: string,
  tables: readonly CreateTableCommandInput[],
): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region, credentials: CREDENTIALS });
  try {
    await Promise.all(tables.map((table) => createTable(client, table)));
  } finally {
    client.destroy();
  }
}

/** Creates a table if it is missing, and waits until it can be used. */
export async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(table)).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  const { TableName } = table;
  await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.1, maxWaitTime: 10 }, { TableName });
}
