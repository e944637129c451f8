/** DynamoDB: dynalite in this process, in memory or in a folder; or any other endpoint, where tables are only created. */

import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

interface DynaliteOptions {
  readonly path?: string;
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

/** Local endpoints only want credentials, they don't check them. */
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Makes the server, which doesn't listen yet. @param count told of every call, as `dynamodb:GetItem` */
export function dynamodbServer(path: string | undefined, count: (call: string) => void): Server {
  const dynalite: (options: DynaliteOptions) => Server = createRequire(import.meta.url)('dynalite');
  const server = dynalite({
    ...(path === undefined ? {} : { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  server.prependListener('request', ({ headers }) => {
    const [, operation] = String(headers['x-amz-target'] ?? '').split('.');
    if (operation !== undefined) count(`dynamodb:${operation}`);
  });
  return server;
}

/** Creates the tables that aren't there yet, all at once, and waits until they can be used. */
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

async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(table)).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  const { TableName } = table;
  await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.1, maxWaitTime: 10 }, { TableName });
}
