/**
 * Measures logins a second through the front door on the local stack.
 * Baseline: a bare handler that makes the same calls: GetItem, Query, BatchGetItem, UpdateItem, PutEvents, and one hash
 * of a PIN. Read the ratio of the two.
 *
 *   node bench/login.ts [SECONDS]
 */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { BatchGetCommand, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readScenario } from '../cli/scenario/scenario.ts';
import { seed } from '../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../cli/stack/environment.ts';
import { startStack } from '../infra/local/stack.ts';
import { documentClient, eventBridgeClient } from '../lib/aws/clients.ts';
import { keys } from '../lib/directory/items.ts';
import { hashPin, verifyPin } from '../lib/secret/pin.ts';
import { ownerKey } from '../lib/token/item.ts';
import { passwordAt } from '../lib/tokentype/one-time-password.ts';

const SECONDS = Number(process.argv[2] ?? 5);
const KEY = '3132333435363738393031323334353637383930';
const USER = { login: 'ada', realm: 'lab', resolver: 'r', uid: '1' };

async function measure(definitions: number): Promise<{ door: number; bare: number }> {
  const stack = await startStack({
    concurrency: 8,
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', VALIDATE_ACCESS: 'open' },
  });
  connectTo(stack.environment);
  const tables = tablesOf(stack.environment);
  const scenario = {
    realms: { lab: ['r'] },
    default_realm: 'lab',
    users: [USER],
    tokens: [{ serial: 'HO1', tokentype: 'hotp', user: USER, pin: '1234', otpkey: KEY }],
    definitions: Array.from({ length: definitions }, (_, i) => ({
      id: i + 1,
      name: `d${i}`,
      event: 'validate_check',
      action: 'disable',
      conditions: { client_ip: '203.0.113.7' },
    })),
  };
  await seed(await readScenario(scenario, Date.now()), tables);
  const key = Buffer.from(KEY, 'hex');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  let counter = 0;
  const login = async (): Promise<void> => {
    const body = `user=ada&pass=1234${passwordAt(key, counter, 6, 'sha1')}`;
    const answer = await stack.http({ method: 'POST', path: '/validate/check', headers, body });
    if (JSON.parse(answer.body).result.value !== true) throw new Error(answer.body);
    counter += 1;
  };
  const [documents, events, hash] = [documentClient(), eventBridgeClient(), await hashPin('1234')];
  const bare = async (): Promise<void> => {
    await documents.send(new GetCommand({ TableName: tables.directory, Key: keys.userByLogin(USER) }));
    await documents.send(
      new QueryCommand({
        TableName: tables.tokens,
        IndexName: 'owner',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': ownerKey(USER) },
      }),
    );
    const wanted = { [tables.tokens]: { Keys: [{ serial: 'HO1' }], ConsistentRead: true } };
    await documents.send(new BatchGetCommand({ RequestItems: wanted }));
    if (!(await verifyPin('1234', hash))) throw new Error('the PIN');
    await documents.send(
      new UpdateCommand({
        TableName: tables.tokens,
        Key: { serial: 'BARE' },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
    const entry = { EventBusName: tables.results, Source: 'bench', DetailType: 'login', Detail: '{}' };
    await events.send(new PutEventsCommand({ Entries: [entry] }));
  };
  const perSecond = async (work: () => Promise<void>): Promise<number> => {
    for (let i = 0; i < 5; i += 1) await work();
    const began = performance.now();
    let done = 0;
    for (; performance.now() - began < SECONDS * 1000; done += 1) await work();
    return done / ((performance.now() - began) / 1000);
  };
  for (const which of ['first', 'warm']) {
    // Deliveries wait, so that only the login's own calls are counted.
    const release = stack.hold();
    const before = { ...stack.counts };
    await login();
    const calls = Object.entries(stack.counts).map(([call, n]) => [call, n - (before[call] ?? 0)] as const);
    console.log(`calls of the ${which} login:`, Object.fromEntries(calls.filter(([, n]) => n > 0)));
    release();
    await stack.idle();
  }
  const result = { door: await perSecond(login), bare: await perSecond(bare) };
  await stack.stop();
  return result;
}

for (const definitions of [0, 100, 1000]) {
  const { door, bare } = await measure(definitions);
  const ratio = (bare / door).toFixed(2);
  console.log(`${definitions} definitions: ${door.toFixed(1)} logins/s, bare handler ${bare.toFixed(1)}/s (${ratio}x)`);
}
