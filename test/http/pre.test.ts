/** To which caller `POST /pre` repeats a secret, and for how long. */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock, setProcessClock } from '../../lib/base/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';

const START = Date.parse('2026-03-15T10:20:30Z');
const MINUTE = 60_000;
const SYSTEM = processClock();
const ROLE = 'arn:aws:sts::123456789012:assumed-role/idp';

let stack: Stack;
let now = START;

beforeAll(async () => {
  stack = await startStack({ environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' } });
  setProcessClock({ now: () => now });
  Object.assign(process.env, stack.environment);
  const definitions = [
    { id: 1, name: 'pin', event: 'set_pin', position: 'pre', action: 'set random pin' },
    { id: 2, name: 'new', event: 'enrol', position: 'pre', action: 'enroll', options: { tokentype: 'hotp' } },
  ];
  await seed(
    await readScenario({ tokens: [{ serial: 'T1', tokentype: 'hotp' }], definitions }, now),
    tablesOf(stack.environment),
  );
});
afterAll(async () => {
  setProcessClock(SYSTEM);
  await stack.stop();
});

async function ask(name: string, id: string, userArn: string, at: number): Promise<Outcome> {
  now = at;
  Object.assign(process.env, stack.environment);
  const { handler } = await import('../../functions/http/pre.ts');
  const body = JSON.stringify({
    source: 'idp',
    'detail-type': name,
    detail: { id, serial: name === 'enrol' ? undefined : 'T1' },
  });
  const requestContext = { timeEpoch: at, authorizer: { iam: { userArn } } };
  const request = { routeKey: 'POST /pre', requestContext, body, isBase64Encoded: false };
  const answer = await handler(request as unknown as Parameters<typeof handler>[0], {} as Context);
  expect(answer).toMatchObject({ statusCode: 200 });
  const [outcome] = (JSON.parse(String(answer.body)) as { outcomes: Outcome[] }).outcomes;
  if (!outcome) throw new Error('no definition acted');
  return outcome;
}

it('tells a PIN again to its caller for minutes, and to nobody else', async () => {
  const first = await ask('set_pin', 'e1', `${ROLE}/one`, START);
  expect(first.response?.detail.pin).toMatch(/^\w{6}$/);
  expect(await ask('set_pin', 'e1', `${ROLE}/two`, START + 15 * MINUTE)).toEqual(first);
  const later = await ask('set_pin', 'e1', `${ROLE}/one`, START + 15 * MINUTE + 1);
  expect(later).toEqual({ ...first, response: null });
  const other = await ask('set_pin', 'e1', 'arn:aws:iam::123456789012:user/other', START + MINUTE);
  expect(other.id).not.toBe(first.id);
  expect(other.response?.detail.pin).not.toBe(first.response?.detail.pin);
});

it('brings back neither serial nor seed of a token that is gone', async () => {
  const first = await ask('enrol', 'e2', `${ROLE}/one`, START);
  expect(await ask('enrol', 'e2', `${ROLE}/one`, START + MINUTE)).toEqual(first);
  const { tokens } = tablesOf(stack.environment);
  await documentClient().send(new DeleteCommand({ TableName: tokens, Key: { serial: first.serial } }));
  const again = await ask('enrol', 'e2', `${ROLE}/one`, START + 200 * 24 * 60 * MINUTE);
  expect(again.serial).not.toBe(first.serial);
  expect(again.response?.detail.otpkey).not.toEqual(first.response?.detail.otpkey);
});

it('finds the token of a call that is repeated in the next week', async () => {
  const thursday = Date.parse('2026-03-19T00:00:00Z');
  const first = await ask('enrol', 'e3', `${ROLE}/one`, thursday - MINUTE);
  expect(await ask('enrol', 'e3', `${ROLE}/one`, thursday + MINUTE)).toEqual(first);
});
