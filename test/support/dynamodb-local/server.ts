/**
 * Stands in for `infra/local/dynamodb.ts` where the suite runs on DynamoDB Local: each server hands its calls on under
 * an access key of its own, so each has tables of its own; with a data folder the key is the folder's.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { bodyOf } from '../../../infra/local/api/server.ts';
import { forwardTo } from '../../../infra/local/faults/forward.ts';

export { createTables } from '../../../infra/local/dynamodb.ts';

export function dynamodbServer(path: string | undefined, count: (call: string) => void): Server {
  const forward = forwardTo(process.env.DYNAMODB_LOCAL_URL ?? '');
  const key = createHash('sha256')
    .update(path ?? randomUUID())
    .digest('hex')
    .slice(0, 20);
  return createServer(async (request, response) => {
    const [, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (operation !== undefined) count(`dynamodb:${operation}`);
    const authorization = String(request.headers.authorization).replace(/Credential=[^/]*/, `Credential=${key}`);
    const call = {
      path: request.url ?? '/',
      headers: { ...request.headers, authorization },
      body: await bodyOf(request),
    };
    try {
      const { status, headers, body } = await forward(call);
      response.writeHead(status, headers).end(body);
    } catch {
      response.destroy();
    }
  });
}
