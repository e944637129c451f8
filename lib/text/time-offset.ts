/**
 * A span of time from an instant, as dates (`+30d`) and tags (`{now}-12h`) write it: seconds, minutes
 * and hours are elapsed time, days keep the clock time in the stack's zone, whatever its clocks do.
 */
import { addDays } from './calendar.ts';
import { inZone, toZone, type ZonedTime } from './zone.ts';

export type OffsetUnit = 's' | 'm' | 'h' | 'd';

export interface TimeOffset {
  /** A whole number; negative is back. */
  readonly amount: number;
  readonly unit: OffsetUnit;
}

/** The farthest that dates and tags reach ahead: from today it stays below year 10000. */
export const MAX_DAYS_AHEAD = 2_900_000;

const MILLISECONDS: Readonly<Record<OffsetUnit, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads the digits (with or without a sign) and the unit of an offset, in any case.
 * @returns `null` where there is no such unit
 */
export function timeOffset(digits = '', unit = ''): TimeOffset | null {
  const lower = unit.toLowerCase();
  return isOffsetUnit(lower) ? { amount: Number(digits), unit: lower } : null;
}

function isOffsetUnit(unit: string): unit is OffsetUnit {
  return Object.hasOwn(MILLISECONDS, unit);
}

/** How many days of 24 hours the offset is long, with fractions and sign. */
export function daysOf({ amount, unit }: TimeOffset): number {
  return (amount * MILLISECONDS[unit]) / MILLISECONDS.d;
}

/**
 * The wall clock of `timezone` when the offset has passed since `now` (ms since 1970). A clock time
 * that a change of clocks skips or repeats on the day reached takes the larger offset.
 */
export function addOffset(now: number, { amount, unit }: TimeOffset, timezone: string): ZonedTime {
  if (unit !== 'd') return toZone(now + amount * MILLISECONDS[unit], timezone);
  return inZone(addDays(toZone(now, timezone).wall, amount), timezone);
}
