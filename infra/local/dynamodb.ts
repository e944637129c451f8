/** DynamoDB: dynalite in this process, in memory or in a folder. Tests replace this module by DynamoDB Local. */

import type { Server } from 'node:http';
import { createRequire } from 'node:module';

interface DynaliteOptions {
  readonly path?: string;
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

/** Makes the server, which does not listen yet. @param count is told of every call: `dynamodb:GetItem` */
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
