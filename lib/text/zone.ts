/**
 * Converts instants to wall clock times in an IANA zone, and back. A clock time that a change of daylight saving time skips or
 * repeats keeps its digits and gets the larger UTC offset. dayjs moves a skipped hour and is slow, so offsets are read from
 * one cached `Intl.DateTimeFormat` per zone, with the zone database of Node.
 */
import * as z from 'zod/mini';
import { MINUTE, type WallTime } from './calendar.ts';

/** A wall clock time with its offset from UTC in minutes, east positive. */
export interface ZonedTime {
  readonly wall: WallTime;
  readonly offset: number;
}

type OffsetAt = (instant: number) => number;

const DAY = 1440 * MINUTE;
const offsetsOfZone = new Map<string, OffsetAt>();

/** Tells whether a name is an IANA time zone that this Node knows (`Europe/Berlin`; not `+01:00`). */
export function isTimezone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    offsetsOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The schema of a time zone's name. */
export const Timezone = z
  .string()
  .check(z.refine(isTimezone, 'must be an IANA time zone, such as UTC or Europe/Berlin'));

/** Returns the wall clock time of `timezone` at `instant` (milliseconds since 1970). */
export function toZone(instant: number, timezone: string): ZonedTime {
  const offset = offsetsOf(timezone)(instant);
  return { wall: instant + offset * MINUTE, offset };
}

/** Returns the wall clock time `wall` with the offset that `timezone` has then. */
export function inZone(wall: WallTime, timezone: string): ZonedTime {
  const offsetAt = offsetsOf(timezone);
  // The instant is less than a day from the digits read as UTC, before or after a change of the offset.
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  const larger = Math.max(before, after);
  const smaller = Math.min(before, after);
  const isSmaller = before !== after && !holds(larger) && holds(smaller);
  return { wall, offset: isSmaller ? smaller : larger };

  function holds(offset: number): boolean {
    return offsetAt(wall - offset * MINUTE) === offset;
  }
}

/** Returns the instant, in milliseconds since 1970, of a wall clock time with its offset. */
export function instantOf({ wall, offset }: ZonedTime): number {
  return wall - offset * MINUTE;
}

/** Formats an offset: `+0545`, `-0300`, `+0000`. */
export function formatOffset(offset: number): string {
  const minutes = Math.abs(offset);
  const digits = Math.floor(minutes / 60) * 100 + (minutes % 60);
  return `${offset < 0 ? '-' : '+'}${String(digits).padStart(4, '0')}`;
}

/** @throws RangeError for an unknown zone; the configuration is checked when it is read */
function offsetsOf(timezone: string): OffsetAt {
  let offsetAt = offsetsOfZone.get(timezone);
  if (offsetAt === undefined) {
    offsetAt = zoneOffsets(timezone);
    offsetsOfZone.set(timezone, offsetAt);
  }
  return offsetAt;
}

function zoneOffsets(timezone: string): OffsetAt {
  // UTC is the default, and creating the first formatter of a process is slow.
  if (timezone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    timeZoneName: 'longOffset',
  });
  if (format.resolvedOptions().timeZone === 'UTC') return () => 0;
  return (instant) => readOffset(format.format(instant));
}

/**
 * Reads the offset at the end of `3/15/2026, GMT+01:00`. Offsets of the 19th century have seconds (Berlin until 1893:
 * `GMT+00:53:28`), which are rounded to minutes, since the printed offset has only minutes.
 */
function readOffset(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds) / 60);
  return sign === '-' && size !== 0 ? -size : size;
}
