/**
 * Stands in for `infra/local/dynamodb.ts` where the suite runs on DynamoDB Local: each server hands its calls on under
 * an access key, whose tables are its own. A key costs DynamoDB Local a database and its threads until it ends, so a
 * key is taken again when its server is closed; with a data folder it is the folder's.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { bodyOf } from '../../../infra/local/api/server.ts';
import { forwardTo } from '../../../infra/local/faults/forward.ts';

/** One worker of vitest runs one file at a time; a process that a test starts is known by its id, see `hooks.ts`. */
const OWNER = process.env.DYNAMODB_LOCAL_OWNER ?? `worker ${process.env.VITEST_POOL_ID}`;
const taken = new Set<number>();

export function dynamodbServer(path: string | undefined, count: (call: string) => void): Server {
  const url = process.env.DYNAMODB_LOCAL_URL ?? '';
  const forward = forwardTo(url);
  const place = path === undefined ? takePlace() : undefined;
  const key = createHash('sha256')
    .update(path ?? `${OWNER} ${place}`)
    .digest('hex')
    .slice(0, 20);
  const empty = path === undefined ? dropTables(url, key) : Promise.resolve();
  empty.catch(() => undefined); // told to each call
  const server = createServer(async (request, response) => {
    const [, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (operation !== undefined) count(`dynamodb:${operation}`);
    const authorization = String(request.headers.authorization).replace(/Credential=[^/]*/, `Credential=${key}`);
    const call = {
      path: request.url ?? '/',
      headers: { ...request.headers, authorization },
      body: await bodyOf(request),
    };
    try {
      await empty;
      const { status, headers, body } = await forward(call);
      response.writeHead(status, headers).end(body);
    } catch {
      response.destroy();
    }
  });
  return server.on('close', () => void (place !== undefined && taken.delete(place)));
}

function takePlace(): number {
  let place = 0;
  while (taken.has(place)) place += 1;
  taken.add(place);
  return place;
}

/** What the server before it left behind. */
async function dropTables(endpoint: string, accessKeyId: string): Promise<void> {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials });
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  await Promise.all(TableNames.map((TableName) => client.send(new DeleteTableCommand({ TableName }))));
  client.destroy();
}
