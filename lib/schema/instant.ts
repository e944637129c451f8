/**
 * A point in time as events say it: ISO 8601 with a zone, on a day that there is, from 1970 on. What is
 * earlier has no place in a token's packed ledger, where it would read as a far future.
 */
import * as z from 'zod/mini';
import { TokenwrightError } from '../base/error.ts';
import { transformWith } from './validate.ts';

const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** Milliseconds since 1970. */
export const Instant = z.pipe(z.string(), transformWith(parseIsoInstant));

function parseIsoInstant(value: string): number {
  const day = ISO_INSTANT.exec(value)?.[1];
  const instant = day !== undefined && isDay(day) ? Date.parse(value.toUpperCase()) : Number.NaN;
  if (instant >= 0) return instant;
  throw new TokenwrightError('bad_event', `"${value}" is not an instant`, {
    given: value,
    allowed: 'ISO 8601 with a zone, from 1970 on, as in 2026-03-15T10:20:30Z',
  });
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
