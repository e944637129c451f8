import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { limitAttempts } from '../../lib/auth-api/limit-attempts.ts';
import type { RawRequest } from '../../lib/auth-api/parameters.ts';
import { type Api, type ApiOperations, serveApi } from '../../lib/auth-api/serve.ts';
import { attemptStore } from '../../lib/authenticate/attempt-store.ts';
import { keys } from '../../lib/directory/items.ts';
import { createPkSkTable, startDynamodb } from '../support/dynamodb.ts';

/** The beginning of a window of five minutes. */
const NOON = Date.parse('2026-12-01T12:00:00Z');
let database: Awaited<ReturnType<typeof startDynamodb>>;
let now: number;
let compared: number;
let raised: number;
let limited: number;
let table = 0;

beforeAll(async () => {
  database = await startDynamodb();
});
afterAll(() => database.stop());
beforeEach(async () => {
  now = NOON;
  compared = 0;
  raised = 0;
  limited = 0;
  table += 1;
  await createPkSkTable(database.documents, `directory-${table}`);
  const Item = { ...keys.userByLogin({ login: 'alice', realm: 'realm1' }), login: 'alice', uid: '1' };
  await database.documents.send(new PutCommand({ TableName: `directory-${table}`, Item }));
});

/** Makes an instance of the function, with its own memory and the shared table. The right password is "right". */
function instance(limits = { user: 100, address: 1000, window: 300 }) {
  const attempts = attemptStore(database.documents, `directory-${table}`, () => now);
  const operations: ApiOperations = {
    'POST /validate/check': {
      event: 'validate_check',
      id: 2,
      role: 'client',
      async prepare({ parameters: { user, pass } }) {
        return {
          user: { login: String(user), realm: 'realm1' },
          ...(user === 'alice' && { entry: { login: user, realm: 'realm1', failures: await readFailures() } }),
          async perform() {
            compared += 1;
            return { value: pass === 'right' };
          },
        };
      },
    },
  };
  const onLimited = () => {
    limited += 1;
  };
  const api: Api = {
    operations: limitAttempts(operations, { attempts, limits: async () => limits, onLimited }),
    access: { admit: async () => null },
    events: {
      pre: async () => {
        raised += 1;
      },
      post: async () => undefined,
    },
  };
  return (user: string, pass: string, address: string) => serveApi(request(user, pass, address), api);
}

async function readFailures() {
  const Key = keys.userByLogin({ login: 'alice', realm: 'realm1' });
  const { Item } = await database.documents.send(new GetCommand({ TableName: `directory-${table}`, Key }));
  return Item?.failures === undefined ? undefined : { count: Item.failures, since: Item.failures_since };
}

function request(user: string, pass: string, clientIp: string): RawRequest {
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ user, pass }));
  return { id: 'r', method: 'POST', path: '/validate/check', query: '', headers, body, clientIp, signedBy: null, now };
}

it('checks a hundred wrong passwords of a user in five minutes, over all instances and addresses', async () => {
  const instances = [instance(), instance()];
  const statuses: number[] = [];
  for (let i = 0; i < 150; i += 1) {
    const answer = await instances[i % 2]?.('alice', 'wrong', `198.51.100.${i % 50}`);
    statuses.push(answer?.statusCode ?? 0);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(statuses.slice(100)).toEqual(Array.from({ length: 50 }, () => 429));
  expect({ compared, limited, raised }).toEqual({ compared: 100, limited: 50, raised: 100 });
});

it('refuses the right password too, until the window is over, and says when', async () => {
  const guess = instance({ user: 2, address: 0, window: 300 });
  now = NOON + 60_000;
  await guess('alice', 'wrong', '198.51.100.1');
  await guess('alice', 'wrong', '198.51.100.1');
  const refused = await guess('alice', 'right', '198.51.100.1');
  expect(refused).toMatchObject({ statusCode: 429, headers: { 'retry-after': '240' } });
  now = NOON + 300_000;
  expect((await guess('alice', 'right', '198.51.100.1')).statusCode).toBe(200);
});

it('counts no success', async () => {
  const guess = instance({ user: 2, address: 2, window: 300 });
  for (let i = 0; i < 5; i += 1) expect((await guess('alice', 'right', '198.51.100.1')).statusCode).toBe(200);
});

it('counts an address over all users; another instance sees it within a minute', async () => {
  const limits = { user: 0, address: 10, window: 300 };
  const [one, other] = [instance(limits), instance(limits)];
  expect((await other('bob', 'wrong', '203.0.113.9')).statusCode).toBe(200);
  for (let i = 0; i < 12; i += 1) await one(`user${i}`, 'wrong', '203.0.113.9');
  expect(compared).toBe(10);
  now = NOON + 60_000;
  expect((await other('carol', 'right', '203.0.113.9')).statusCode).toBe(429);
  expect((await other('carol', 'right', '203.0.113.10')).statusCode).toBe(200);
});

it('limits an unknown name like a user, so that the answer does not tell whether the user exists', async () => {
  const guess = instance({ user: 3, address: 0, window: 300 });
  const statuses: number[] = [];
  for (let i = 0; i < 5; i += 1) statuses.push((await guess('nobody', 'wrong', '198.51.100.1')).statusCode);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
});

it('counts each of many failures at once', async () => {
  const [one, other] = [instance(), instance()];
  await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other)('alice', 'wrong', '198.51.100.7')));
  expect(await readFailures()).toEqual({ count: 40, since: NOON / 1000 });
});
