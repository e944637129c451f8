/**
 * Reads dates of definitions ("valid from", "valid till") and of stored attributes. A definition's date is parsed once and
 * resolved for each event, because an offset counts from the event, and a date without a zone is in the stack's zone. Texts
 * that have none of the accepted forms are refused.
 */
import { shorten, TokenwrightError } from '../base/error.ts';
import { formatToMinute, hasFourDigitYear, MINUTE, type WallTime } from './calendar.ts';
import { DATE_FORMS, OFFSET, readDateTime } from './date-time.ts';
import type { StoredKind } from './stored-value.ts';
import { addOffset, daysOf, MAX_DAYS_AHEAD, type TimeOffset, timeOffset } from './time-offset.ts';
import { formatOffset, instantOf, inZone, toZone, type ZonedTime } from './zone.ts';

/** A parsed date: an offset from the event, or a wall clock time with its UTC offset (null: in the stack's zone). */
export type Moment =
  | { readonly kind: 'offset'; readonly offset: TimeOffset }
  | {
      readonly kind: 'fixed';
      readonly wall: WallTime;
      readonly offset: number | null;
    };

/** A moment, resolved for an event. */
export interface ResolvedMoment {
  /** The same as `text`, in milliseconds since 1970. */
  readonly instant: number;
  /** `YYYY-MM-DDTHH:mm+ZZZZ`, as it is stored in tokeninfo. */
  readonly text: string;
}

const FIRST_YEAR = 1970;

/**
 * Reads a date or an offset (manual: "set validity").
 * @throws TokenwrightError `bad_date` for any other text, also an empty one
 * @example parseMoment('23.12.2016 9:30am'); parseMoment('+30d');
 */
export function parseMoment(text: string): Moment {
  const trimmed = text.trim();
  const moment = trimmed.startsWith('+') ? readOffset(trimmed) : readFixed(trimmed);
  if (moment !== null) return moment;
  throw new TokenwrightError('bad_date', `"${shorten(text)}" is not a date in an accepted form`, {
    given: shorten(text),
    allowed: DATE_FORMS,
  });
}

/**
 * Resolves a moment for an event.
 * @param at `now`: when the event occurred, in milliseconds since 1970; `timezone`: the stack's zone
 * @throws TokenwrightError `bad_date` if the result is after the year 9999
 */
export function resolveMoment(moment: Moment, at: { readonly now: number; readonly timezone: string }): ResolvedMoment {
  const { wall, offset } = zonedTime(moment, at.now, at.timezone);
  const toMinute = { wall: Math.floor(wall / MINUTE) * MINUTE, offset };
  if (!hasFourDigitYear(toMinute.wall)) {
    throw new TokenwrightError('bad_date', 'the date is after the year 9999', { allowed: 'years 1970 to 9999' });
  }
  return {
    instant: instantOf(toMinute),
    text: formatToMinute(toMinute.wall) + formatOffset(offset),
  };
}

/**
 * Reads a date from tokeninfo or a user attribute: the forms of "set validity", and timestamps from year 1 on with fractions
 * of a second, such as `2026-03-15 09:20:30.123456+00:00`.
 * @param timezone the zone of a date without one
 * @returns milliseconds since 1970, with fractions if the text has them; null if it is not such a date
 */
export function parseInstant(text: string, { timezone }: { readonly timezone: string }): number | null {
  const date = readDateTime(text.trim());
  if (date === null) return null;
  const zoned = date.offset === null ? inZone(date.wall, timezone) : { wall: date.wall, offset: date.offset };
  return instantOf(zoned) + date.fraction;
}

/** Keys of timestamps that privacyIDEA writes; without a zone they are in UTC. */
const UTC_KEYS: ReadonlySet<string> = new Set([
  'last_auth',
  'creation_date',
  'import_date',
  'assignment_date',
  'failcounter_exceeded',
]);

/** Returns the zone of dates without one: UTC for keys that privacyIDEA writes, the stack's zone for others. */
export function zoneOfKey(key: string, timezone: string): string {
  return UTC_KEYS.has(key) ? 'UTC' : timezone;
}

/** Describes a date that is stored as text. @param timezone the zone of a date without one */
export function storedDate(timezone: string): StoredKind<number> {
  return { allowed: DATE_FORMS, read: (text) => parseInstant(text, { timezone }) };
}

/** Formats an instant in a zone, to the second, in ISO 8601: `2026-03-15T11:20:30+01:00`. */
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
