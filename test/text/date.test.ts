/**
 * test/text proves that dates, offsets, tags and numbers are read as measured on privacyIDEA, and refused where they
 * are unclear.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { parseMoment, resolveMoment } from '../../lib/text/date.ts';
import vectors from '../vectors/dates.json' with { type: 'json' };

const NOW = Date.parse('2026-03-15T10:20:30Z');
const BERLIN = 'Europe/Berlin';

function stored(text: string, timezone = 'UTC', now = NOW): string {
  return resolveMoment(parseMoment(text), { now, timezone }).text;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TokenwrightError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('the vectors of dates', () => {
  const accepted = vectors.filter((row) => row.refused !== true);
  const refused = vectors.filter((row) => row.refused === true);

  it('are both kinds', () => {
    expect([accepted.length, refused.length]).toEqual([53, 122]);
  });

  it.each(accepted)('$id: stores "$in" as $utc in UTC and as $berlin in Berlin', ({ in: text, utc, berlin }) => {
    expect([stored(text), stored(text, BERLIN)]).toEqual([utc, berlin]);
  });

  it.each(refused)('$id: refuses "$in"', ({ in: text }) => {
    expect(codeOf(() => parseMoment(text))).toBe('bad_date');
  });
});

describe('a date', () => {
  it.each([
    ['an hour with one digit', '2016-12-23T9:30', '2016-12-23T09:30+0000'],
    ['a month and a day with one digit', '2016/1/2', '2016-01-02T00:00+0000'],
    ['slashes, day first', '23/1/2016', '2016-01-23T00:00+0000'],
    ["the manual's colon before pm", '2016/12/23 11:20:pm', '2016-12-23T23:20+0000'],
    ['mixed case of pm, spaces before it', '2016/12/23 11:20   Pm', '2016-12-23T23:20+0000'],
    ['noon', '2016/12/23 12:05PM', '2016-12-23T12:05+0000'],
    ['seconds with a fraction and am', '2016/12/23 9:30:59.999 am', '2016-12-23T09:30+0000'],
    ['am and a zone', '2016/12/23 9:30am +0100', '2016-12-23T09:30+0100'],
    ['a space before the offset', '23.12.2016 9:30 -03:30', '2016-12-23T09:30-0330'],
    ['several spaces before the time', '23.12.2016 \t 9:30', '2016-12-23T09:30+0000'],
    ['the easternmost offset', '2016-12-23T15:30+14:00', '2016-12-23T15:30+1400'],
    ['tabs and line ends around', '\t2016-12-23\n', '2016-12-23T00:00+0000'],
    ['the last minute there is', '9999-12-31T23:59:59.9-1400', '9999-12-31T23:59-1400'],
    ['the first one', '1970-01-01T00:00+1400', '1970-01-01T00:00+1400'],
    ['a leap day of a century', '29/02/2000', '2000-02-29T00:00+0000'],
  ])('may have %s', (_name, text, expected) => {
    expect(stored(text)).toBe(expected);
  });

  it.each([
    ['an empty text', ''],
    ['spaces alone', '  '],
    ['two kinds of separators', '2016/12-23'],
    ['two kinds of separators, day first', '23.12/2016'],
    ['a leap day of a year without one', '29.02.2100'],
    ['an offset above 14:00', '2016-12-23T15:30+1401'],
    ['60 minutes in an offset', '2016-12-23T15:30+0160'],
    ['three digits of offset', '2016-12-23T15:30+060'],
    ['a 60th second', '2016-12-23T15:30:60'],
    ['a 60th minute', '2016-12-23T15:60'],
    ['one digit of minutes', '2016-12-23T15:3'],
    ['a zone behind no time', '2016-12-23Z'],
    ['another zone in lower case', '2016-12-23T15:30utc'],
    ['0 pm', '2016/12/23 0:30pm'],
    ['13 am', '2016/12/23 13:30am'],
    ['am twice', '2016/12/23 9:30amam'],
    ['a colon behind which nothing is', '2016/12/23 9:30:'],
    ['a fraction of no digits', '2016-12-23T15:30:45.'],
    ['a fraction of a minute', '2016-12-23T15:30.5'],
    ['a time zone and an offset', '2016-12-23T15:30UTC+01'],
    ['Arabic digits', '٢٠١٦-١٢-٢٣'],
    ['full-width digits', '+３０d'],
    ['a second line', '2016-12-23\n2016-12-24'],
  ])('is refused with %s', (_name, text) => {
    expect(codeOf(() => parseMoment(text))).toBe('bad_date');
  });

  it('is refused by an error that says what was given and what is allowed', () => {
    expect(() => parseMoment('tomorrow')).toThrow('"tomorrow" is not a date in an accepted form');
    try {
      parseMoment('tomorrow');
    } catch (error) {
      expect(error).toMatchObject({
        details: { given: 'tomorrow', allowed: expect.arrayContaining(['years 1970 to 9999']) },
      });
    }
  });
});

describe('a date without a zone, where the clocks change', () => {
  it.each([
    ['skipped', BERLIN, '2026-03-29T02:30', '+0200'],
    ['a minute before the skip', BERLIN, '2026-03-29T01:59', '+0100'],
    ['the first after the skip', BERLIN, '2026-03-29T03:00', '+0200'],
    ['repeated', BERLIN, '2026-10-25T02:30', '+0200'],
    ['the last repeated', BERLIN, '2026-10-25T02:59', '+0200'],
    ['the first after the repeat', BERLIN, '2026-10-25T03:00', '+0100'],
    ['skipped, in the west', 'America/New_York', '2026-03-08T02:30', '-0400'],
    ['repeated, in the west', 'America/New_York', '2026-11-01T01:30', '-0400'],
    ['skipped half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '+1100'],
    ['after the half hour', 'Australia/Lord_Howe', '2026-10-04T02:30', '+1100'],
    ['repeated half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45', '+1100'],
    ['after the repeated half hour', 'Australia/Lord_Howe', '2026-04-05T02:00', '+1030'],
    ['a day that Samoa left out', 'Pacific/Apia', '2011-12-30T12:00', '+1400'],
    ['the year 9999 in summer', BERLIN, '9999-07-01T00:00', '+0200'],
    ['no change at all', 'Asia/Kathmandu', '2026-03-29T02:30', '+0545'],
    ['a negative offset with minutes', 'America/St_Johns', '2026-01-15T00:00', '-0330'],
  ])('keeps its digits and takes the larger offset: %s (%s)', (_name, timezone, text, offset) => {
    expect(stored(text, timezone)).toBe(text + offset);
  });
});

describe('an offset', () => {
  const beforeSummer = Date.parse('2026-03-28T01:30:59Z'); // 02:30 in Berlin
  const beforeWinter = Date.parse('2026-10-24T00:30:00Z'); // 02:30 in Berlin

  it.each([
    ['days keep the clock time over a change', '+2d', beforeSummer, '2026-03-30T02:30+0200'],
    ['hours are elapsed time', '+48h', beforeSummer, '2026-03-30T03:30+0200'],
    ['minutes are elapsed time', '+2880m', beforeSummer, '2026-03-30T03:30+0200'],
    ['a day that ends in the skipped hour', '+1d', beforeSummer, '2026-03-29T02:30+0200'],
    ['a day that ends in the repeated hour', '+1d', beforeWinter, '2026-10-25T02:30+0200'],
    ['hours into the second of the repeated hours', '+25h', beforeWinter, '2026-10-25T02:30+0100'],
  ])('%s', (_name, text, now, expected) => {
    expect(stored(text, BERLIN, now)).toBe(expected);
  });

  it('gives as instant what the text says, to the minute', () => {
    const moment = resolveMoment(parseMoment('+1d'), { now: beforeSummer, timezone: BERLIN });
    expect(moment).toEqual({ instant: Date.parse('2026-03-29T00:30:00Z'), text: '2026-03-29T02:30+0200' });
  });

  it.each(['+2900000d', '+69600000h', '+4176000000m'])('%s is the farthest there is', (text) => {
    expect(stored(text)).toBe('9966-02-18T10:20+0000');
  });

  it.each(['+2900001d', '+69600001h', '+4176000001m', `+${'9'.repeat(400)}d`])('%s is refused', (text) => {
    expect(codeOf(() => parseMoment(text))).toBe('bad_date');
  });

  it('is refused where it leads a later event beyond the year 9999', () => {
    const late = { now: Date.parse('2061-01-01T00:00:00Z'), timezone: BERLIN };
    expect(codeOf(() => resolveMoment(parseMoment('+2900000d'), late))).toBe('bad_date');
  });
});

describe('for every date and offset', () => {
  const timezones = fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const events = fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2040-01-01T00:00Z') });
  const minutes = fc.integer({ min: 0, max: Date.parse('9999-12-31T00:00Z') / 60_000 });

  it('what is stored, read again, is the same', () => {
    fc.assert(
      fc.property(minutes, fc.integer({ min: -840, max: 840 }), timezones, (minute, zone, timezone) => {
        const size = Math.abs(zone);
        const two = (number: number) => String(number).padStart(2, '0');
        const digits = new Date(minute * 60_000).toISOString().slice(0, 16);
        const text = `${digits}${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
        expect(resolveMoment(parseMoment(text), { now: NOW, timezone })).toEqual({ instant: Date.parse(text), text });
      }),
    );
  });

  it('keeps the digits of a date without a zone, in every zone', () => {
    fc.assert(
      fc.property(minutes, timezones, (minute, timezone) => {
        const digits = new Date(minute * 60_000).toISOString().slice(0, 16);
        const { text, instant } = resolveMoment(parseMoment(digits), { now: NOW, timezone });
        expect(text.slice(0, 16)).toBe(digits);
        expect(instant).toBe(Date.parse(text));
      }),
    );
  });

  it('days keep the clock time of the event', () => {
    fc.assert(
      fc.property(events, fc.nat(100_000), timezones, (now, days, timezone) => {
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'short' });
        expect(stored(`+${days}d`, timezone, now).slice(11, 16)).toBe(clock.format(now));
      }),
    );
  });

  it('minutes and hours are elapsed time', () => {
    fc.assert(
      fc.property(events, fc.nat(1_000_000), fc.constantFrom('m', 'h'), timezones, (now, amount, unit, timezone) => {
        const elapsed = amount * (unit === 'h' ? 3_600_000 : 60_000);
        const { instant } = resolveMoment(parseMoment(`+${amount}${unit}`), { now, timezone });
        expect(instant).toBe(Math.floor((now + elapsed) / 60_000) * 60_000);
      }),
    );
  });

  it('any text is a date or refused as bad_date', () => {
    const likely = fc.string({ unit: fc.constantFrom(...'0129-/.:+ TZmhdapUCG\n'), maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), likely), (text) => {
        expect(['no error', 'bad_date']).toContain(codeOf(() => stored(text)));
      }),
      { numRuns: 2000 },
    );
  });
});

it.each([
  ['blanks', `2016/12/23${' '.repeat(100_000)}x`],
  ['spaces behind a time', `2016/12/23 9:30${' '.repeat(100_000)}x`],
  ['digits', `+${'1'.repeat(100_000)}`],
  ['a fraction', `2016-12-23T15:30:45.${'1'.repeat(100_000)}x`],
])('a long text of %s is refused at once, and the error stays short', (_name, text) => {
  const begin = performance.now();
  expect(codeOf(() => parseMoment(text))).toBe('bad_date');
  expect(performance.now() - begin).toBeLessThan(2_000);
  expect(() => parseMoment(text)).toThrow(/^.{1,120}$/s);
});
