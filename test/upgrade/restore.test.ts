/** The restore drill: the tokens of a table, kept under another name, take its place, and steps stay exactly once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { createTable } from '../../infra/local/tables.ts';
import { documentClient, eventBridgeClient } from '../../lib/aws/clients.ts';

const RESTORED = 'tokens-restored';

/** Makes a table of the same keys and indexes, with the same items, as a restore does. */
async function restore(from: string): Promise<void> {
  const documents = documentClient();
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: from }));
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [] } = Table ?? {};
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  await createTable(documents, {
    TableName: RESTORED,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema,
    AttributeDefinitions,
    GlobalSecondaryIndexes: indexes,
  });
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: from }));
  for (const Item of Items) await documents.send(new PutCommand({ TableName: RESTORED, Item }));
}

it('a restored table under another name takes the place of the tokens, and a late redelivery does nothing again', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tokenwright-restore-'));
  const start = (tokens: Record<string, string>) =>
    startStack({
      data,
      concurrency: 1,
      retryDelay: () => 0,
      environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', ...tokens },
    });
  let stack = await start({});
  connectTo(stack.environment);
  const { bus, ...tables } = tablesOf(stack.environment);
  const file = {
    tokens: [{ serial: 'T1', tokentype: 'hotp' }],
    definitions: [
      { id: 1, name: 'd', event: 'auth', action: 'increase tokeninfo', options: { key: 'n', increment: '1' } },
    ],
  };
  await seed(await readScenario(file, Date.now()), { bus, ...tables });
  const send = async (id: string): Promise<void> => {
    const Detail = JSON.stringify({ id, serial: 'T1' });
    const Entries = [{ EventBusName: bus, Source: 'privacyidea', DetailType: 'auth', Detail }];
    await eventBridgeClient().send(new PutEventsCommand({ Entries }));
    await stack.idle();
  };
  const logins = async (table: string): Promise<unknown> => {
    const { Item } = await documentClient().send(new GetCommand({ TableName: table, Key: { serial: 'T1' } }));
    return Item?.info.n;
  };
  try {
    await send('ev-1');
    await restore(tables.tokens);
    await stack.stop();
    stack = await start({ TOKENS_TABLE: RESTORED });
    connectTo(stack.environment);
    await send('ev-1');
    expect(await logins(RESTORED)).toBe('1');
    await send('ev-2');
    expect([await logins(RESTORED), await logins(tables.tokens)]).toEqual(['2', '1']);
  } finally {
    await stack.stop();
    rmSync(data, { recursive: true });
  }
});
