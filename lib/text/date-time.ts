/**
 * Splits a written date into the digits of calendar, clock and zone: dates of definitions (manual, "set validity") and dates
 * that tokens and users have. Only ASCII digits are accepted, and the whole text must match: nothing is guessed from a part
 * of it. `calendar.ts` decides whether a date exists.
 */
import { type WallTime, wallTime } from './calendar.ts';

/** `2016/12/23`, `2016-12-23`. */
const YEAR_FIRST = /^(?<year>[0-9]{4})(?<separator>[/-])(?<month>[0-9]{1,2})\k<separator>(?<day>[0-9]{1,2})/;

/** `23.12.2016`, `23/12/2016`. The day must have two digits; otherwise it could be a month. */
const DAY_FIRST = /^(?<day>[0-9]{2})(?<separator>[./])(?<month>[0-9]{1,2})\k<separator>(?<year>[0-9]{4})/;

const CLOCK = '(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]+))?)?';
const HALF_OF_DAY = '(?:\\s*|:)(?<half>[AaPp])[Mm]';
const ZONE = '\\s?(?<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)';

/** The time after a date: `T15:30+0600`, ` 9:30am`, ` 11:20:pm`, `T15:30:45.123Z`, ` 15:30 GMT`; also RFC 3339's `t` and `z`. */
const TIME = new RegExp(`^(?:[Tt]|\\s+)${CLOCK}(?:${HALF_OF_DAY})?(?:${ZONE})?$`);

/** The parts of a zone: `+06`, `+0600`, `+06:00`. */
const ZONE_OFFSET = /^(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})?$/;

/** `+30m`, `+7h`, `+30d`, in any case, with spaces around the number. */
export const OFFSET = /^\+\s*(?<amount>[0-9]+)\s*(?<unit>[mhd])$/i;

/** Describes the accepted forms, for error messages. */
export const DATE_FORMS = [
  '2016/12/23 or 2016-12-23',
  '23.12.2016 or 23/12/2016 (day first, two digits)',
  'a time after it: 9:30, 9:30:15, 9:30am, T15:30',
  'a zone after the time: Z, UTC, GMT, +06, +0600, +06:00 (at most 14:00)',
  'years 1970 to 9999',
  '+30m, +7h or +30d, at most 2900000 days',
] as const;

export interface DateTime {
  /** The time to the second. */
  readonly wall: WallTime;
  /** The fraction of the second, in milliseconds. */
  readonly fraction: number;
  /** Minutes east of UTC; null if the text has no zone. */
  readonly offset: number | null;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** 14:00, the easternmost zone. */
const MAX_ZONE_OFFSET = 14 * 60;

/**
 * Reads a date, optionally followed by a time.
 * @returns null if the text has another form, or there is not such a date, time or zone
 */
export function readDateTime(text: string): DateTime | null {
  const date = YEAR_FIRST.exec(text) ?? DAY_FIRST.exec(text);
  if (date === null) return null;
  const rest = text.slice(date[0].length);
  const time = rest === '' ? {} : TIME.exec(rest)?.groups;
  if (time === undefined) return null;

  const hour = readHour(time);
  const offset = time.zone === undefined ? null : readZone(time.zone);
  if (hour === null || offset === undefined) return null;
  const wall = wallTime({
    year: Number(date.groups?.year),
    month: Number(date.groups?.month),
    day: Number(date.groups?.day),
    hour,
    minute: Number(time.minute ?? 0),
    second: Number(time.second ?? 0),
  });
  return wall === null ? null : { wall, fraction: Number(`0.${time.fraction ?? 0}`) * 1000, offset };
}

/** Reads the hour, 0 to 23. With am or pm it must be 1 to 12; `0:30am` is accepted too, but not `0:30pm`. */
function readHour({ hour, half }: Groups): number | null {
  const number = Number(hour ?? 0);
  if (half === undefined) return number;
  const isMorning = half.toLowerCase() === 'a';
  if (number > 12 || (number === 0 && !isMorning)) return null;
  return (number % 12) + (isMorning ? 0 : 12);
}

/** Reads a zone in minutes east of UTC; undefined if there is no such zone. */
function readZone(zone: string): number | undefined {
  const groups = ZONE_OFFSET.exec(zone)?.groups;
  if (groups === undefined) return 0; // Z, UTC, GMT
  const minutes = Number(groups.minutes ?? 0);
  const size = Number(groups.hours) * 60 + minutes;
  if (minutes > 59 || size > MAX_ZONE_OFFSET) return undefined;
  return groups.sign === '-' && size !== 0 ? -size : size;
}
