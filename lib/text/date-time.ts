/**
 * One written date: its forms, and the digits of calendar, clock and zone in it. Dates of definitions (manual, "set
 * validity") and those that tokens and users hold are read here. ASCII digits only, and each form is anchored: nothing
 * is guessed from a part of a text. The expressions only split the text; `calendar.ts` decides whether a date exists.
 */
import { type WallTime, wallTime } from './calendar.ts';

/** `2016/12/23`, `2016-12-23`. */
const YEAR_FIRST = /^(?<year>[0-9]{4})(?<separator>[/-])(?<month>[0-9]{1,2})\k<separator>(?<day>[0-9]{1,2})/;

/** `23.12.2016`, `23/12/2016`: the day has two digits, or it could be a month. */
const DAY_FIRST = /^(?<day>[0-9]{2})(?<separator>[./])(?<month>[0-9]{1,2})\k<separator>(?<year>[0-9]{4})/;

const CLOCK = '(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]+))?)?';
const HALF_OF_DAY = '(?:\\s*|:)(?<half>[AaPp])[Mm]';
const ZONE = '\\s?(?<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)';

/** Behind a date: `T15:30+0600`, ` 9:30am`, ` 11:20:pm`, `T15:30:45.123Z`, ` 15:30 GMT`; RFC 3339 allows `t` and `z`. */
const TIME = new RegExp(`^(?:[Tt]|\\s+)${CLOCK}(?:${HALF_OF_DAY})?(?:${ZONE})?$`);

/** The parts of a zone: `+06`, `+0600`, `+06:00`. */
const ZONE_OFFSET = /^(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})?$/;

/** `+30m`, `+7h`, `+30d`, in any case, with spaces around the number. */
export const OFFSET = /^\+\s*(?<amount>[0-9]+)\s*(?<unit>[mhd])$/i;

/** What is accepted, for people. */
export const DATE_FORMS = [
  '2016/12/23 or 2016-12-23',
  '23.12.2016 or 23/12/2016 (day first, two digits)',
  'a time behind it: 9:30, 9:30:15, 9:30am, T15:30',
  'a zone behind the time: Z, UTC, GMT, +06, +0600, +06:00 (at most 14:00)',
  'years 1970 to 9999',
  '+30m, +7h or +30d, at most 2900000 days',
] as const;

export interface DateTime {
  /** The digits to the second. */
  readonly wall: WallTime;
  /** What the fraction of the second adds, in ms. */
  readonly fraction: number;
  /** Minutes east of UTC; `null` where the text names no zone. */
  readonly offset: number | null;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** 14:00, the easternmost zone there is. */
const MAX_ZONE_OFFSET = 14 * 60;

/**
 * Reads a date, and behind it nothing or a time (date-grammar.ts has the forms).
 * @returns `null` where the text has another form, or digits that no calendar, clock or zone has
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

/** The hour of 24. With am and pm it is 1 to 12; `0:30am` is also said, `0:30pm` would be a guess. */
function readHour({ hour, half }: Groups): number | null {
  const number = Number(hour ?? 0);
  if (half === undefined) return number;
  const isMorning = half.toLowerCase() === 'a';
  if (number > 12 || (number === 0 && !isMorning)) return null;
  return (number % 12) + (isMorning ? 0 : 12);
}

/** Minutes east of UTC; `undefined` where there is no such zone. */
function readZone(zone: string): number | undefined {
  const groups = ZONE_OFFSET.exec(zone)?.groups;
  if (groups === undefined) return 0; // Z, UTC, GMT
  const minutes = Number(groups.minutes ?? 0);
  const size = Number(groups.hours) * 60 + minutes;
  if (minutes > 59 || size > MAX_ZONE_OFFSET) return undefined;
  return groups.sign === '-' && size !== 0 ? -size : size;
}
