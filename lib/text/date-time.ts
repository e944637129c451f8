/**
 * The digits of one written date: calendar, clock, zone. Shared by the dates that administrators write
 * and those that tokens and users hold.
 */
import { type WallTime, wallTime } from './calendar.ts';
import { DAY_FIRST, TIME, YEAR_FIRST, ZONE_OFFSET } from './date-grammar.ts';

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
