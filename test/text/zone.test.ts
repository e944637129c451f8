import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOffset, instantOf, inZone, isTimezone, toZone } from '../../lib/text/zone.ts';

it.each(['UTC', 'Europe/Berlin', 'europe/berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'CET'])(
  '%s is a time zone',
  (name) => {
    expect(isTimezone(name)).toBe(true);
  },
);

it.each(['', ' ', 'Berlin', 'Europe/Berlin ', 'Mars/Olympus', '+01:00', '-0500', 'Europe/../Berlin', '__proto__'])(
  '"%s" is no time zone',
  (name) => {
    expect(isTimezone(name)).toBe(false);
  },
);

describe('toZone', () => {
  it.each([
    ['UTC', '2026-03-15T10:20:30Z', 0, '2026-03-15T10:20:30Z'],
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 60, '2026-03-29T01:59:59Z'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 120, '2026-03-29T03:00:00Z'],
    ['America/St_Johns', '2026-01-15T00:00:00Z', -210, '2026-01-14T20:30:00Z'],
    ['Africa/Monrovia', '1970-06-01T00:00:00Z', -45, '1970-05-31T23:15:00Z'], // -00:44:30 then
    ['Europe/London', '1970-01-15T00:00:00Z', 60, '1970-01-15T01:00:00Z'],
  ])('shows the clock of %s at %s', (timezone, instant, offset, wall) => {
    expect(toZone(Date.parse(instant), timezone)).toEqual({ wall: Date.parse(wall), offset });
  });
});

it('a wall clock time of any instant converts back to it, except in the later of two repeated hours', () => {
  const instants = fc.integer({ min: Date.parse('1970-01-02T00:00Z'), max: Date.parse('2100-01-01T00:00Z') });
  const timezones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca');
  fc.assert(
    fc.property(instants, timezones, (instant, timezone) => {
      const taken = toZone(instant, timezone);
      const again = inZone(taken.wall, timezone);
      expect(again.wall).toBe(taken.wall);
      expect(again.offset).toBeGreaterThanOrEqual(taken.offset);
      if (again.offset === taken.offset) expect(instantOf(again)).toBe(instant);
      else expect(toZone(instantOf(again), timezone)).toEqual(again);
    }),
    { numRuns: 1000 },
  );
});

it.each([
  [0, '+0000'],
  [345, '+0545'],
  [-30, '-0030'],
  [-840, '-1400'],
])('prints %s minutes as %s', (minutes, text) => {
  expect(formatOffset(minutes)).toBe(text);
});
