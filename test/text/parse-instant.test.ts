import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseInstant } from '../../lib/text/date.ts';

const UTC = { timezone: 'UTC' };
const BERLIN = { timezone: 'Europe/Berlin' };

it.each([
  ['a validity period', '2026-03-14T10:20+0000', '2026-03-14T10:20:00Z'],
  ['an offset of its own', '2026-03-15T11:20+0100', '2026-03-15T10:20:00Z'],
  ['an offset with a colon', '2026-03-15T10:00:00+00:00', '2026-03-15T10:00:00Z'],
  ['an offset of hours', '2026-03-15T10:00:00-05', '2026-03-15T15:00:00Z'],
  ['a Z', '2026-03-15T10:25:30Z', '2026-03-15T10:25:30Z'],
  ['a fraction', '2026-03-15T10:25:30.25Z', '2026-03-15T10:25:30.250Z'],
  ['a rendered {now}', '2026-03-15 10:20:30.000000+0000', '2026-03-15T10:20:30Z'],
  ['the year 1', '0001-01-01 10:20:30.000000+0000', '0001-01-01T10:20:30Z'],
  ['a date alone, at midnight', '2026-03-20', '2026-03-20T00:00:00Z'],
  ['what "set validity" takes', '14.03.2026 9:30am', '2026-03-14T09:30:00Z'],
  ['a year in front, with slashes', '2026/3/14', '2026-03-14T00:00:00Z'],
  ['lower case as RFC 3339 allows it', '2026-03-14t09:30:00z', '2026-03-14T09:30:00Z'],
  ['no zone', '2026-03-20 00:00:00', '2026-03-20T00:00:00Z'],
])('reads %s: %s', (_name, text, instant) => {
  expect(parseInstant(text, UTC)).toBe(Date.parse(instant));
});

it('keeps microseconds', () => {
  expect(parseInstant('2026-03-15 09:20:30.123456+00:00', UTC)).toBeCloseTo(1_773_566_430_123.456, 2);
});

it('uses the given zone if the text has none', () => {
  expect(parseInstant('2026-03-14 10:20', BERLIN)).toBe(Date.parse('2026-03-14T09:20:00Z'));
  expect(parseInstant('2026-07-14 10:20', BERLIN)).toBe(Date.parse('2026-07-14T08:20:00Z'));
});

it.each([
  '',
  ' ',
  '5',
  '-3',
  '1.10',
  '2026',
  '20260314',
  '1700000000',
  'cornelius',
  'true',
  '10:20',
  '14.3.26',
  '31/12/20 23:59',
  '2026-02-30',
  '2026-03-14T24:00',
  '2026-03-14 10',
  '2026-03-14T10:20+2500',
  '2026-03-14 10:20 CET',
  '0000-01-01',
  '2026-03-14x',
  '+5d',
  '{now}',
])('is null for "%s"', (text) => {
  expect(parseInstant(text, UTC)).toBeNull();
});

it('agrees with every timestamp that JavaScript prints', () => {
  const instants = fc.integer({ min: Date.parse('0001-01-01T00:00Z'), max: Date.parse('9999-12-31T23:59Z') });
  fc.assert(
    fc.property(instants, (instant) => {
      expect(parseInstant(new Date(instant).toISOString(), BERLIN)).toBeCloseTo(instant, 2);
    }),
  );
});
