/**
 * Wall clock readings as numbers: the milliseconds that the same digits would have in UTC. A reading
 * has no zone yet, so days can be added and digits compared without one (zone.ts turns it into an
 * instant). Only readings of the Gregorian calendar exist: the 30th of February is none.
 */
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);

/** A reading of calendar and clock: ms since 1970 as if the digits were UTC. */
export type WallTime = number;

export interface WallFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export const MINUTE = 60_000;
/** First reading of year 1, the first that four digits can say. */
const YEAR_1: WallTime = Date.parse('0001-01-01T00:00:00Z');
/** First reading of year 10000, which four digits can't say. */
const YEAR_10000: WallTime = Date.UTC(10_000, 0, 1);

/** The Gregorian calendar repeats after 400 years; `Date.UTC` misreads the years 0 to 99. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/**
 * The reading with these digits.
 * @returns `null` where calendar or clock have no such digits (31.04., 24:00, a 60th second)
 */
export function wallTime(fields: WallFields): WallTime | null {
  const { year, month, day, hour, minute, second } = fields;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const wall = Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS;
  return dayjs.utc(wall).month() === month - 1 ? wall : null; // the 30th of February is read as a day of March
}

/** The same clock time, `days` later on the calendar. */
export function addDays(wall: WallTime, days: number): WallTime {
  return dayjs.utc(wall).add(days, 'day').valueOf();
}

/** Whether four digits can say the year. */
export function hasFourDigitYear(wall: WallTime): boolean {
  return wall >= YEAR_1 && wall < YEAR_10000;
}

/** `2026-03-15T10:20`: to the minute, what is below is dropped. */
export function formatToMinute(wall: WallTime): string {
  return dayjs.utc(wall).format('YYYY-MM-DDTHH:mm');
}

/** `2026-03-15 10:20:30.250000`: to the microsecond, of which we know the milliseconds. */
export function formatToMicrosecond(wall: WallTime): string {
  return `${dayjs.utc(wall).format('YYYY-MM-DD HH:mm:ss.SSS')}000`;
}
