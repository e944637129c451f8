/**
 * Dates of definitions ("valid from", "valid till") and of stored attributes. A definition's date is
 * parsed once and resolved at each event, because an offset starts at the event and a date without a
 * zone means the stack's zone. What is not written in an accepted form is refused, never guessed.
 */
import { shorten, TokenwrightError } from '../base/error.ts';
import { formatToMinute, hasFourDigitYear, MINUTE, type WallTime } from './calendar.ts';
import { DATE_FORMS, OFFSET, readDateTime } from './date-time.ts';
import type { StoredKind } from './stored-value.ts';
import { addOffset, daysOf, MAX_DAYS_AHEAD, type TimeOffset, timeOffset } from './time-offset.ts';
import { formatOffset, instantOf, inZone, toZone, type ZonedTime } from './zone.ts';

/** A parsed date: so long after the event, or digits with their offset (`null`: the stack's zone decides). */
export type Moment =
  | { readonly kind: 'offset'; readonly offset: TimeOffset }
  | {
      readonly kind: 'fixed';
      readonly wall: WallTime;
      readonly offset: number | null;
    };

/** A moment at a certain event. */
export interface ResolvedMoment {
  /** What `text` says, in ms since 1970. */
  readonly instant: number;
  /** `YYYY-MM-DDTHH:mm+ZZZZ`, as tokeninfo holds it. */
  readonly text: string;
}

const FIRST_YEAR = 1970;

/**
 * Reads a date or an offset as the manual's "set validity" writes them (date-grammar.ts has the forms).
 * @throws TokenwrightError `bad_date` for all else, also for an empty text
 * @example parseMoment('23.12.2016 9:30am'); parseMoment('+30d');
 */
export function parseMoment(text: string): Moment {
  const trimmed = text.trim();
  const moment = trimmed.startsWith('+') ? readOffset(trimmed) : readFixed(trimmed);
  if (moment !== null) return moment;
  throw new TokenwrightError('bad_date', `"${shorten(text)}" is no date that is accepted`, {
    given: shorten(text),
    allowed: DATE_FORMS,
  });
}

/**
 * The moment at an event.
 * @param at `now`: when the event occurred (ms since 1970); `timezone`: the stack's
 * @throws TokenwrightError `bad_date` where the offset leads beyond the year 9999
 */
export function resolveMoment(moment: Moment, at: { readonly now: number; readonly timezone: string }): ResolvedMoment {
  const { wall, offset } = zonedTime(moment, at.now, at.timezone);
  const toMinute = { wall: Math.floor(wall / MINUTE) * MINUTE, offset };
  if (!hasFourDigitYear(toMinute.wall)) {
    throw new TokenwrightError('bad_date', 'the date lies beyond the year 9999', { allowed: 'years 1970 to 9999' });
  }
  return {
    instant: instantOf(toMinute),
    text: formatToMinute(toMinute.wall) + formatOffset(offset),
  };
}

/**
 * Reads a date as tokeninfo and user attributes hold it: as "set validity" writes and reads them, and stamps from year 1
 * on, with fractions of a second: `2026-03-15 09:20:30.123456+00:00`.
 * @param timezone what a date without a zone means
 * @returns ms since 1970, with the fractions of one that the text has; `null` where it is no such date
 */
export function parseInstant(text: string, { timezone }: { readonly timezone: string }): number | null {
  const date = readDateTime(text.trim());
  if (date === null) return null;
  const zoned = date.offset === null ? inZone(date.wall, timezone) : { wall: date.wall, offset: date.offset };
  return instantOf(zoned) + date.fraction;
}

/** Stamps that privacyIDEA writes; without a zone they are in UTC. */
const STAMPS: ReadonlySet<string> = new Set([
  'last_auth',
  'creation_date',
  'import_date',
  'assignment_date',
  'failcounter_exceeded',
]);

/** What "no zone" means under a key: UTC for a stamp of privacyIDEA, the stack's zone for what people write. */
export function zoneOfKey(key: string, timezone: string): string {
  return STAMPS.has(key) ? 'UTC' : timezone;
}

/** A date kept as a text. @param timezone what a date without a zone means */
export function storedDate(timezone: string): StoredKind<number> {
  return { allowed: DATE_FORMS, read: (text) => parseInstant(text, { timezone }) };
}

/** The time in a zone to the second, in ISO 8601: `2026-03-15T11:20:30+01:00`. */
export function isoTimeIn(instant: number, timezone: string): string {
  const { wall, offset } = toZone(instant, timezone);
  return new Date(wall).toISOString().slice(0, 19) + formatOffset(offset).replace(/(?=..$)/, ':');
}

function zonedTime(moment: Moment, now: number, timezone: string): ZonedTime {
  if (moment.kind === 'offset') return addOffset(now, moment.offset, timezone);
  const { wall, offset } = moment;
  return offset === null ? inZone(wall, timezone) : { wall, offset };
}

function readOffset(text: string): Moment | null {
  const groups = OFFSET.exec(text)?.groups;
  if (groups === undefined) return null;
  const offset = timeOffset(groups.amount, groups.unit);
  return offset !== null && daysOf(offset) <= MAX_DAYS_AHEAD ? { kind: 'offset', offset } : null;
}

function readFixed(text: string): Moment | null {
  const date = readDateTime(text);
  if (date === null || date.wall < Date.UTC(FIRST_YEAR, 0, 1)) return null;
  return { kind: 'fixed', wall: date.wall, offset: date.offset };
}
