/** Two requests at once for a user who has no token: through dispatch and the action, and through `POST /pre`. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import type { HttpAnswer } from '../../infra/local/api/http-api.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { tokenStore } from '../../lib/token/store.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const USERS = Array.from({ length: 40 }, (_, i) => ({
  login: `user${i}`,
  realm: 'realm1',
  resolver: 'ldap',
  uid: String(i),
}));
const definition = { event: 'login', action: 'enroll', options: { tokentype: 'totp', user: true } };
const conditions = { user_token_number: '0' };
const SCENARIO = {
  realms: { realm1: ['ldap'] },
  users: USERS,
  definitions: [
    { id: 1, ...definition, conditions },
    { id: 2, ...definition, position: 'pre', conditions },
  ],
};

let stack: Stack;
const announced: Outcome[] = [];

beforeAll(async () => {
  setProcessClock({ now: () => NOW });
  stack = await startStack({
    retryDelay: () => 0,
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    onEvent: (bus, { detail }) => void (bus === 'tokenwright-results' && announced.push(detail as unknown as Outcome)),
  });
  connectTo(stack.environment);
  await seed(await readScenario(SCENARIO, NOW), tablesOf(stack.environment));
});
afterAll(() => stack?.stop());

const detailOf = (user: { login: string }, i: number) => ({
  id: `${user.login}-${i}`,
  occurred_at: '2026-03-15T10:20:30Z',
  user,
});

async function tokensOf(user: (typeof USERS)[number]): Promise<string[]> {
  const serials: string[] = [];
  const store = tokenStore(documentClient(), stack.environment.TOKENS_TABLE ?? '');
  for await (const serial of store.serialsOf(user)) serials.push(serial);
  return serials;
}

it.each(USERS.slice(0, 20))('$login gets one token from two events at once', async (user) => {
  announced.length = 0;
  const Entries = [1, 2].map((i) => ({
    EventBusName: 'tokenwright',
    Source: 'idp',
    DetailType: 'login',
    Detail: JSON.stringify(detailOf(user, i)),
  }));
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries }));
  await stack.idle();
  expect(await tokensOf(user)).toHaveLength(1);
  expect(announced.filter(({ status }) => status === 'done')).toHaveLength(1);
  expect(announced.filter(({ status }) => status === 'failed')).toEqual([]);
});

it.each(USERS.slice(20))('$login gets one token from two callers who wait', async (user) => {
  // Sends the request again with the same id if it failed, as a client does.
  const call = async (i: number, left = 10): Promise<HttpAnswer> => {
    const event = { source: 'idp', 'detail-type': 'login', detail: detailOf(user, i) };
    const answer = await stack.http({ method: 'POST', path: '/pre', body: JSON.stringify(event) });
    return answer.statusCode >= 500 && left > 0 ? call(i, left - 1) : answer;
  };
  const answers = await Promise.all([call(1), call(2)]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  const outcomes = answers.flatMap(({ body }) => (JSON.parse(body) as { outcomes: Outcome[] }).outcomes);
  expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(1);
  expect(await tokensOf(user)).toHaveLength(1);
});
