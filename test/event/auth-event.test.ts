import { describe, expect, it } from 'vitest';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';

const TIME = '2026-03-15T10:20:30Z';

function read(detail: Record<string, unknown>, time = TIME) {
  return parseAuthEvent({ id: 'e1', source: 'test', 'detail-type': 'validate_check', time, detail });
}

function eventOf(detail: Record<string, unknown>, time?: string) {
  const parsed = read(detail, time);
  if (!parsed.ok) throw parsed.errors[0];
  return parsed.value;
}

describe('the tokens of an event', () => {
  const everywhere = { request: { serial: 'A' }, response: { detail: { serial: 'B' } }, serial: 'C' };
  it.each<[string, Record<string, unknown>, string[]]>([
    ['the request names it first', everywhere, ['A']],
    ['then the response', { ...everywhere, request: {} }, ['B']],
    ['then the event itself', { serial: 'C' }, ['C']],
    ['a list, spaces dropped, doubles once', { serial: ' B ,A,, B' }, ['B', 'A']],
    ['a list that names nothing is passed over', { ...everywhere, request: { serial: ' , ' } }, ['B']],
    ['null is absent', { ...everywhere, request: { serial: null }, response: null }, ['C']],
    ['none', {}, []],
  ])('%s', (_name, detail, serials) => expect(eventOf(detail).serials).toEqual(serials));
});

describe('when an event occurred', () => {
  it('is what the sender says, else the time of the envelope', () => {
    expect(eventOf({}).occurredAt).toBe(Date.parse(TIME));
    expect(eventOf({ occurred_at: '2026-03-15T10:20:29.250+01:00' }).occurredAt).toBe(
      Date.parse('2026-03-15T09:20:29.250Z'),
    );
    expect(eventOf({ occurred_at: '2024-02-29T10:20Z' }).occurredAt).toBe(Date.parse('2024-02-29T10:20:00Z'));
  });

  it.each([
    ['before 1970, which a packed ledger would read as a far future', '1969-12-31T23:59:59Z'],
    ['a day that there is not', '2026-02-30T10:00:00Z'],
    ['without a zone', '2026-03-15T10:20:30'],
    ['a date alone', '2026-03-15'],
  ])('is refused: %s', (_name, occurred_at) => {
    const parsed = read({ occurred_at });
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.errors.map(({ code, details }) => [code, details.path])).toEqual([
      ['bad_event', 'detail.occurred_at'],
    ]);
  });
});
