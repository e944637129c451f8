import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { disable } from '../../lib/action/actions/disable.ts';
import { actionHandler } from '../../lib/lambda/action-handler.ts';
import type { Runtime } from '../../lib/lambda/runtime.ts';
import { newRecord } from '../../lib/token/record.ts';

const STEP = {
  source: 'tokenwright',
  'detail-type': 'token.action',
  detail: {
    action: 'disable',
    event: { id: 'e1', name: 'token_init', source: 'helpdesk', position: 'post', time: 1000 },
    serial: 'T1',
    facts: {},
    steps: [
      { definition: 1, version: 1, action: 'disable', open: [] },
      { definition: 2, version: 1, action: 'enable', open: [] },
    ],
    at: 0,
  },
};

/** What a handler needs to come to the given outcome; the definition is not there where `revoked` has no matter. */
function runtime(revoked: boolean, put: (types: string[]) => void): Runtime {
  const definition = { id: 1, name: 'off', options: {}, ordering: 0, abort_on_error: false };
  const record = newRecord({ serial: 'T1', tokentype: 'hotp', revoked });
  return {
    environment: { BUS_NAME: 'bus', RESULTS_BUS_NAME: 'results' },
    publish: async (entries: readonly PutEventsRequestEntry[]) => put(entries.map(({ DetailType = '' }) => DetailType)),
    step: {
      definitions: { byVersion: async () => ({ ok: true, compiled: { version: 1, definition, clauses: [] } }) },
      tokens: { read: async () => record, replace: async () => true },
      tools: {},
      now: () => 2000,
      limits: { maxAge: 1000, keepNewest: 20, dropAtOnce: 100, hardCap: 500 },
    },
  } as unknown as Runtime;
}

it('announces what no ledger remembers before it puts the next step, and a step that was done along with it', async () => {
  const calls: string[][] = [];
  const context = { functionName: 'disable', awsRequestId: 'r1' };
  for (const revoked of [true, false]) {
    const handler = actionHandler(disable, () => runtime(revoked, (types) => calls.push(types)));
    await handler(STEP, context as never);
  }
  expect(calls).toEqual([['token.action.failed'], ['token.action'], ['token.action.done', 'token.action']]);
});
