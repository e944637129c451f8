/**
 * Time, as a parameter. Everything that decides takes an instant; only the composition roots
 * (`lib/lambda`, the command line) ask a clock, and this module is the one place that reads the system's.
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

/** Puts another clock into this process: a recorded stream of events is tried out at its own time. */
export function setProcessClock(clock: Clock): void {
  current = clock;
}

/** ISO 8601 in UTC, to the second where the instant is one. */
export function isoTime(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
