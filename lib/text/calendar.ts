/**
 * Represents wall clock times as numbers: the milliseconds since 1970 that the same digits have in UTC. A wall clock time has
 * no zone, so days can be added and times compared without one (zone.ts converts it to an instant). Only dates of the
 * Gregorian calendar exist: there is no 30th of February.
 */
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);

/** A wall clock time: milliseconds since 1970 as if the digits were UTC. */
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
/** The first moment of year 1. */
const YEAR_1: WallTime = Date.parse('0001-01-01T00:00:00Z');
/** The first moment of year 10000, which does not fit into four digits. */
const YEAR_10000: WallTime = Date.UTC(10_000, 0, 1);

/** Shifts years by 400, after which the Gregorian calendar repeats, because `Date.UTC` misreads the years 0 to 99. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/**
 * Computes a wall clock time.
 * @returns null if there is not such a date or time (April 31st, 24:00, second 60)
 */
export function wallTime(fields: WallFields): WallTime | null {
  const { year, month, day, hour, minute, second } = fields;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const wall = Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MS;
  return dayjs.utc(wall).month() === month - 1 ? wall : null; // `Date.UTC` reads February 30th as a day of March.
}

/** Adds days, keeping the clock time. */
export function addDays(wall: WallTime, days: number): WallTime {
  return dayjs.utc(wall).add(days, 'day').valueOf();
}

/** Tells whether the year has four digits: 0001 to 9999. */
export function hasFourDigitYear(wall: WallTime): boolean {
  return wall >= YEAR_1 && wall < YEAR_10000;
}

/** Formats to the minute, rounding down: `2026-03-15T10:20`. */
export function formatToMinute(wall: WallTime): string {
  return dayjs.utc(wall).format('YYYY-MM-DDTHH:mm');
}

/** Formats with six decimals, of which the last three are zero: `2026-03-15 10:20:30.250000`. */
export function formatToMicrosecond(wall: WallTime): string {
  return `${dayjs.utc(wall).format('YYYY-MM-DD HH:mm:ss.SSS')}000`;
}
