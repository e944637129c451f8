/** DynamoDB: dynalite in this process, in memory or in a folder; or any other endpoint, where tables are only created. */

import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

interface DynaliteOptions {
  readonly path?: string;
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

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
  await Promise.all(tables.map((table) => createTable(endpoint, region, table)));
}

async function createTable(endpoint: string, region: string, table: CreateTableCommandInput): Promise<void> {
  const answer = await call(endpoint, region, 'CreateTable', table);
  if (!answer.ok && !(await answer.text()).includes('ResourceInUseException')) {
    throw new Error(`${endpoint} refused the table ${table.TableName}: ${answer.status}`);
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const description = await call(endpoint, region, 'DescribeTable', { TableName: table.TableName });
    if ((await description.text()).includes('"TableStatus":"ACTIVE"')) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, 2 ** attempt)));
  }
  throw new Error(`the table ${table.TableName} at ${endpoint} does not become active`);
}

/** Local endpoints don't check signatures, they only want one; so starting doesn't have to wait for the SDK to load. */
function call(endpoint: string, region: string, operation: string, input: object): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
}
