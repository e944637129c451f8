/**
 * Offsets from an instant, as in dates (`+30d`) and tags (`{now}-12h`). Seconds, minutes and hours are elapsed time; days keep
 * the clock time in the stack's zone, also across a change of daylight saving time.
 */
import { addDays } from './calendar.ts';
import { inZone, toZone, type ZonedTime } from './zone.ts';

export type OffsetUnit = 's' | 'm' | 'h' | 'd';

export interface TimeOffset {
  /** An integer; negative means earlier. */
  readonly amount: number;
  readonly unit: OffsetUnit;
}

/** The largest offset of dates and tags; from today, it ends before year 10000. */
export const MAX_DAYS_AHEAD = 2_900_000;

const MILLISECONDS: Readonly<Record<OffsetUnit, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads an offset. @param digits with or without a sign @param unit in any case
 * @returns null if there is no such unit
 */
export function timeOffset(digits = '', unit = ''): TimeOffset | null {
  const lower = unit.toLowerCase();
  return isOffsetUnit(lower) ? { amount: Number(digits), unit: lower } : null;
}

function isOffsetUnit(unit: string): unit is OffsetUnit {
  return Object.hasOwn(MILLISECONDS, unit);
}

/** Returns an offset in days of 24 hours, with fractions and sign. */
export function daysOf({ amount, unit }: TimeOffset): number {
  return (amount * MILLISECONDS[unit]) / MILLISECONDS.d;
}

/**
 * Returns the wall clock time of `timezone` when the offset has passed since `now` (milliseconds since 1970). A clock time
 * that a change of daylight saving time skips or repeats gets the larger UTC offset.
 */
export function addOffset(now: number, { amount, unit }: TimeOffset, timezone: string): ZonedTime {
  if (unit !== 'd') return toZone(now + amount * MILLISECONDS[unit], timezone);
  return inZone(addDays(toZone(now, timezone).wall, amount), timezone);
}
