/**
 * test/event proves that an event is parsed, timed and identified the same way at each delivery, and leaves its
 * secrets behind.
 *
 * An event's time is never later than its arrival, even if its sender claims so.
 */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { readHandedOver } from '../../lib/event/arrival.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';

const ARRIVED = Date.parse('2026-03-15T10:20:30.400Z');

function timeOf(time: string, occurred_at: string | undefined, arrived = ARRIVED) {
  const parsed = parseAuthEvent(
    { id: 'e', source: 's', 'detail-type': 'auth', time, detail: { occurred_at } },
    arrived,
  );
  if (!parsed.ok) throw parsed.errors[0];
  const { occurredAt, ahead } = parsed.value;
  return [new Date(occurredAt).toISOString(), ahead?.code ?? null];
}

describe('the time of an event', () => {
  it.each<[string, string, string | undefined, string, string | null]>([
    ['what it says', '2026-03-15T10:20:30Z', '2026-03-15T10:20:29.250Z', '2026-03-15T10:20:29.250Z', null],
    [
      'its arrival, where it says later',
      '2026-03-15T10:20:30Z',
      '2026-03-15T10:25:30.400Z',
      '2026-03-15T10:20:30.400Z',
      null,
    ],
    ['its arrival, where only the second is told', '2026-03-15T10:20:30Z', undefined, '2026-03-15T10:20:30.400Z', null],
    ['within the second that is told', '2026-03-15T10:20:29Z', undefined, '2026-03-15T10:20:29.999Z', null],
    ['never behind the arrival', '2026-03-15T10:20:31Z', undefined, '2026-03-15T10:20:30.400Z', null],
    [
      'refused beyond five minutes',
      '2026-03-15T10:20:30Z',
      '2026-03-15T10:25:30.401Z',
      '2026-03-15T10:20:30.400Z',
      'bad_time',
    ],
    ['refused by the envelope too', '2026-03-15T10:25:31Z', undefined, '2026-03-15T10:20:30.400Z', 'bad_time'],
  ])('is %s', (_name, time, occurred, expected, code) => {
    expect(timeOf(time, occurred)).toEqual([expected, code]);
  });
});

describe('what the rule hands over', () => {
  const event = { 'detail-type': 'auth' };

  it('is the event and its arrival; of an older rule the event alone', () => {
    expect(readHandedOver({ event, arrived: '2026-03-15T10:20:30.400Z' })).toMatchObject({
      event,
      arrived: { value: ARRIVED },
    });
    expect(readHandedOver(event)).toMatchObject({ event, arrived: { ok: true, value: undefined } });
  });

  it('stands for the whole second where it has no fraction', () => {
    const { arrived } = readHandedOver({ event, arrived: '2026-03-15T10:20:30Z' });
    expect(arrived).toEqual({ ok: true, value: Date.parse('2026-03-15T10:20:30.999Z') });
  });

  it('is malformed where it has no arrival that can be read', () => {
    expect(readHandedOver({ event, arrived: 'soon' }).arrived).toMatchObject({
      ok: false,
      errors: [{ code: 'bad_event', details: { path: 'arrived' } }],
    });
  });
});

describe('run', () => {
  const toggles = [
    { id: 1, name: 'on', event: 'on', action: 'enable' },
    { id: 2, name: 'off', event: 'off', action: 'disable' },
  ];
  const play = async (events: object[], delivery?: { copies: number; seed: number }) => {
    const tokens = [{ serial: 'T1', tokentype: 'hotp' }];
    return runScenario(await readScenario({ tokens, definitions: toggles, events }, 0), delivery);
  };
  const at = (name: string, time: string, occurred_at?: string) => ({
    'detail-type': name,
    time,
    detail: { serial: 'T1', ...(occurred_at ? { occurred_at } : {}) },
  });

  it('an event with a clock ahead supersedes nothing that came after it', async () => {
    const { tokens, outcomes } = await play([
      at('on', '2026-03-15T10:00:00Z', '2026-03-15T10:04:55Z'),
      at('off', '2026-03-15T10:01:00Z'),
    ]);
    expect(tokens).toMatchObject([{ active: false }]);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('an event more than five minutes ahead is refused, also long after', async () => {
    const { outcomes } = await play([
      at('off', '2026-03-15T10:00:00Z', '2026-03-15T10:06:00Z'),
      at('on', '2026-03-15T11:00:00Z'),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'failed', reason: { code: 'bad_time' }, serial: 'T1' });
  });

  it.each([1, 2, 3, 4])('events of one second keep the order of the file, in shuffled delivery %i', async (seed) => {
    const second = '2026-03-15T10:00:00Z';
    const events = [at('on', second), at('off', second), at('on', second), at('off', second), at('on', second)];
    const { tokens, outcomes } = await play(events, { copies: 3, seed });
    expect(tokens).toMatchObject([{ active: true }]);
    expect(outcomes.map(({ event }) => event.time).sort()).toEqual([
      '2026-03-15T10:00:00.001Z',
      '2026-03-15T10:00:00.002Z',
      '2026-03-15T10:00:00.003Z',
      '2026-03-15T10:00:00.004Z',
      '2026-03-15T10:00:00Z',
    ]);
  });
});
