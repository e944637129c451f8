/** `tokens outcomes` shows the outcomes that the functions of an idle local stack have announced. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { callHere } from './in-process.ts';
import { CLONE } from './tokenwright.ts';

const SCENARIO = {
  tokens: ['T1', 'T2', 'T3'].map((serial) => ({ serial, tokentype: 'hotp' })),
  definitions: [
    { id: 1, name: 'pin', event: 'lost', position: 'pre', action: 'set random pin' },
    {
      id: 2,
      name: 'gone',
      event: 'lost',
      position: 'pre',
      ordering: 1,
      action: 'delete',
      conditions: { serial: 'T2' },
    },
  ],
};

let stack: Stack;

beforeAll(async () => {
  const environment = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  stack = await startStack({ root: CLONE, concurrency: 1, retryDelay: () => 0, environment });
  connectTo(stack.environment);
  await seed(await readScenario(SCENARIO, 0), tablesOf(stack.environment));
  const event = { source: 'helpdesk', 'detail-type': 'lost', detail: { id: 'lost-1', serial: 'T1,T2' } };
  await stack.http({ method: 'POST', path: '/pre', body: JSON.stringify(event) });
  await stack.idle();
});
afterAll(() => stack?.stop());

it('tells what was done to a token and what changed, never what was announced', async () => {
  const { code, stdout } = await callHere('tokens', 'outcomes', 'T1');
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/Z lost \(lost-1\)\n {2}✔ done {4}set random pin T1 \[#1 pin\]/),
  ]);
  const { outcomes } = JSON.parse((await callHere('tokens', 'outcomes', 'T1', '--json')).stdout);
  expect(outcomes).toMatchObject([{ status: 'done', action: 'set random pin', changes: { pin_set: [false, true] } }]);
  expect(outcomes[0]).not.toHaveProperty('response');
});

it('also of a token that is gone', async () => {
  const { outcomes } = JSON.parse((await callHere('tokens', 'outcomes', 'T2', '--json')).stdout);
  expect(outcomes.map(({ action }: { action: string }) => action).sort()).toEqual(['delete', 'set random pin']);
  expect(
    JSON.parse((await callHere('tokens', 'outcomes', 'T2', '--json', '--limit', '1')).stdout).outcomes,
  ).toHaveLength(1);
});

it('tells a token to which nothing was done from one that there is not', async () => {
  expect(await callHere('tokens', 'outcomes', 'T3')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'nothing was done to T3 in the last 14 days\n',
  });
  expect(await callHere('tokens', 'outcomes', 'NOPE')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error unknown_token: there is no token NOPE/),
  });
});
