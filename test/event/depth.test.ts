import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { startStack } from '../../infra/local/stack.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { dropSecrets } from '../../lib/event/boundary.ts';

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

function eventWith(levels: number) {
  const text = `{"id":"e1","source":"test","detail-type":"auth","time":"2026-03-15T10:20:30Z","detail":{"x":${nested(levels)}}}`;
  return JSON.parse(text);
}

it('takes an event of 100 levels, and refuses one more', () => {
  expect(parseAuthEvent(eventWith(98))).toMatchObject({ ok: true });
  expect(parseAuthEvent(eventWith(99))).toMatchObject({
    ok: false,
    errors: [{ code: 'bad_event', details: { path: 'detail', allowed: 'at most 100 levels' } }],
  });
});

it('drops the secrets that an event has, and leaves it refused where it is too deep', () => {
  const event = eventWith(20_000);
  event.detail.pin = '1234';
  const { value, dropped } = dropSecrets(event);
  expect(dropped).toBe(1);
  expect(parseAuthEvent(value)).toMatchObject({ ok: false, errors: [{ code: 'bad_event' }] });
});

describe('dispatch', () => {
  it.each([101, 900, 20_000])(
    'sends an event of %d levels to the dead-letter queue with the reason',
    async (levels) => {
      const stack = await startStack({ concurrency: 1, retryDelay: () => 0 });
      onTestFinished(() => stack.stop());
      Object.assign(process.env, stack.environment);
      const { handler } = await import('../../functions/dispatch.ts');
      await handler(eventWith(levels), {} as Context);
      expect(stack.queues.all.flatMap((queue) => stack.queues.peek(queue))).toMatchObject([
        {
          attributes: {
            ERROR_CODE: { StringValue: 'bad_event' },
            ERROR_MESSAGE: { StringValue: 'detail: is nested more than 100 levels deep' },
          },
        },
      ]);
    },
  );
});

it('is refused by the local bus beyond 1,000 levels, and by the command line beyond 100', async () => {
  const stack = await startStack({ concurrency: 1, retryDelay: () => 0 });
  onTestFinished(() => stack.stop());
  const { AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint = '', BUS_NAME = '' } = stack.environment;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new EventBridgeClient({ endpoint, region: stack.wiring.region, credentials });
  const entry = { EventBusName: BUS_NAME, Source: 'test', DetailType: 'auth' };
  const { Entries } = await client.send(
    new PutEventsCommand({ Entries: [{ ...entry, Detail: `{"x":${nested(20_000)}}` }] }),
  );
  expect(Entries).toMatchObject([{ ErrorCode: 'MalformedDetail' }]);
  await expect(readScenario({ events: [eventWith(20_000)] }, 0)).rejects.toMatchObject({
    errors: [{ code: 'bad_event', details: { path: 'events[0].detail' } }],
  });
});
