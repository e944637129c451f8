import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import {
  type AuthEvent,
  AuthEventsRefused,
  type PutOptions,
  putAuthEvent,
  putAuthEvents,
} from '../../lib/contract/index.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { faultsBySchema } from './documented.ts';

const EVENT: AuthEvent = {
  source: 'my-idp',
  'detail-type': 'validate_check',
  detail: { id: 'request-1', occurred_at: '2026-03-15T10:20:30.250Z', serial: 'TOTP0001' },
};

interface Sent {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly detail: unknown;
}

/** Keeps what is put; the first calls refuse their first entry. */
function recordingClient({ refusals = 0 } = {}): {
  readonly client: NonNullable<PutOptions['client']>;
  readonly sent: Sent[];
} {
  const sent: Sent[] = [];
  let calls = 0;
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    calls += 1;
    const refused = calls <= refusals ? 1 : 0;
    sent.push(...Entries.slice(refused).map(({ Detail = '', ...entry }) => ({ ...entry, detail: JSON.parse(Detail) })));
    return {
      Entries: Entries.map((_, i) => (i < refused ? { ErrorCode: 'ThrottlingException' } : { EventId: 'bus' })),
    };
  };
  return { client: { send } as unknown as NonNullable<PutOptions['client']>, sent };
}

describe('putting auth events', () => {
  it('sends what a sender wrote, on the bus that is named', async () => {
    const { client, sent } = recordingClient();
    expect(await putAuthEvent(EVENT, { client, bus: 'tokenwright-prod' })).toBe('request-1');
    expect(sent).toEqual([
      { EventBusName: 'tokenwright-prod', Source: 'my-idp', DetailType: 'validate_check', detail: EVENT.detail },
    ]);
  });

  it('gives an id and a time where they are absent or null', async () => {
    const { client, sent } = recordingClient();
    const event: AuthEvent = { ...EVENT, time: '2026-03-15T10:20:30Z', detail: { id: null, occurred_at: null } };
    const id = await putAuthEvent(event, { client });
    expect(id).toMatch(/^[0-9a-f]{8}-/);
    expect(sent.map(({ detail }) => detail)).toEqual([{ id, occurred_at: '2026-03-15T10:20:30Z' }]);
  });

  it('leaves secrets out, at any depth, and counts them', async () => {
    const { client, sent } = recordingClient();
    const detail = {
      ...EVENT.detail,
      request: { Pass: '1234', user: 'hans' },
      response: { detail: { googleurl: 'otpauth:' } },
    };
    expect(await putAuthEvents([{ ...EVENT, detail }], { client })).toEqual({ ids: ['request-1'], secretsDropped: 2 });
    expect(sent[0]?.detail).toEqual({ ...EVENT.detail, request: { user: 'hans' }, response: { detail: {} } });
  });

  it('tries again what EventBridge refuses, and only that', async () => {
    const { client, sent } = recordingClient({ refusals: 2 });
    const events = ['a', 'b', 'c'].map((id) => ({ ...EVENT, detail: { ...EVENT.detail, id } }));
    expect(await putAuthEvents(events, { client })).toMatchObject({ ids: ['a', 'b', 'c'] });
    expect(sent.map(({ detail }) => Object(detail).id).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('puts none if one is faulty, and reports every fault with its path', async () => {
    const { client, sent } = recordingClient();
    const faulty = [
      EVENT,
      { ...EVENT, source: 'tokenwright' },
      { ...EVENT, 'detail-type': 'Login!', detail: { position: 'before' } } as unknown as AuthEvent,
      { ...EVENT, detail: { ...EVENT.detail, response: { filler: 'x'.repeat(1024 * 1024) } } },
      5 as unknown as AuthEvent,
      [EVENT] as unknown as AuthEvent,
    ];
    const refused = await putAuthEvents(faulty, { client }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AuthEventsRefused);
    expect((refused as AuthEventsRefused).faults.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'bad_event [1].source',
      'bad_event [2].detail-type',
      'bad_event [2].detail.position',
      'bad_event [3].detail',
      'bad_event [4]',
      'bad_event [5]',
    ]);
    expect(sent).toEqual([]);
  });
});

it('the event of the page is an auth event, to the schema and to dispatch', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/auth-event.md'), 'utf8');
  const event = JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
  expect(faultsBySchema('auth-event', event)).toBe('');
  expect(parseAuthEvent({ id: 'bus', time: '2026-03-15T10:20:30Z', ...event })).toMatchObject({ ok: true });
});

it('the outcome of the page is as the schema says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/outcome.md'), 'utf8');
  const event = JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
  expect(faultsBySchema('outcome', event.detail)).toBe('');
  expect(faultsBySchema('outcome', { ...event.detail, status: 'undone' })).not.toBe('');
});
