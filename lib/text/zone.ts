/**
 * Instants to wall clock and back in an IANA zone. A clock time that the change of clocks skips or
 * repeats keeps its digits and takes the larger offset. dayjs answers this otherwise (it moves a
 * skipped hour) and slowly, so offsets come from one cached `Intl.DateTimeFormat` a zone, which reads
 * the zone database that Node carries.
 */
import * as z from 'zod/mini';
import { MINUTE, type WallTime } from './calendar.ts';

/** A wall clock reading together with the offset from UTC (minutes, east positive) that it is shown in. */
export interface ZonedTime {
  readonly wall: WallTime;
  readonly offset: number;
}

type OffsetAt = (instant: number) => number;

const DAY = 1440 * MINUTE;
const offsetsOfZone = new Map<string, OffsetAt>();

/** Whether `name` is a time zone of the IANA database that this Node knows (`Europe/Berlin`; not `+01:00`). */
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

/** A time zone's name, at a border. */
export const Timezone = z
  .string()
  .check(z.refine(isTimezone, 'must be an IANA time zone, such as UTC or Europe/Berlin'));

/** The wall clock of `timezone` at `instant` (ms since 1970). */
export function toZone(instant: number, timezone: string): ZonedTime {
  const offset = offsetsOf(timezone)(instant);
  return { wall: instant + offset * MINUTE, offset };
}

/** The reading `wall` in `timezone`: its digits, with the offset that the zone has then. */
export function inZone(wall: WallTime, timezone: string): ZonedTime {
  const offsetAt = offsetsOf(timezone);
  // The instant meant lies less than a day from the digits read as UTC, on this or that side of a change.
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

/** The instant (ms since 1970) that a reading with its offset means. */
export function instantOf({ wall, offset }: ZonedTime): number {
  return wall - offset * MINUTE;
}

/** `+0545`, `-0300`, `+0000`. */
export function formatOffset(offset: number): string {
  const minutes = Math.abs(offset);
  const digits = Math.floor(minutes / 60) * 100 + (minutes % 60);
  return `${offset < 0 ? '-' : '+'}${String(digits).padStart(4, '0')}`;
}

/** @throws RangeError for a name that is no zone; it is checked where the configuration is read */
function offsetsOf(timezone: string): OffsetAt {
  let offsetAt = offsetsOfZone.get(timezone);
  if (offsetAt === undefined) {
    offsetAt = zoneOffsets(timezone);
    offsetsOfZone.set(timezone, offsetAt);
  }
  return offsetAt;
}

function zoneOffsets(timezone: string): OffsetAt {
  // The default, and the first formatter of a process costs more than all that follows.
  if (timezone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    timeZoneName: 'longOffset',
  });
  if (format.resolvedOptions().timeZone === 'UTC') return () => 0;
  return (instant) => readOffset(format.format(instant));
}

/**
 * Reads the offset at the end of `3/15/2026, GMT+01:00`. Before there were zones it has seconds
 * (Berlin until 1893: `GMT+00:53:28`); they are rounded, so that what we print is always exact.
 */
function readOffset(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds) / 60);
  return sign === '-' && size !== 0 ? -size : size;
}
