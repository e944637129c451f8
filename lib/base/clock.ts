/**
 * The clock. All other code gets the time as a parameter; only the composition roots (`lib/lambda`, the command line) ask
 * a clock, and only this module reads the system's.
 */

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

/** A source of the present time, in milliseconds since 1970. */
export interface Clock {
  now(): number;
}

const systemClock: Clock = { now: () => Date.now() };

let current: Clock = systemClock;

/** The clock of this process. */
export function processClock(): Clock {
  return current;
}

/** Replaces the clock of this process, so that recorded events are played at their own time. */
export function setProcessClock(clock: Clock): void {
  current = clock;
}

/** Writes a time as ISO 8601 in UTC, without fractions if it is a whole second. */
export function isoTime(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
