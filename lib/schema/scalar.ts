/**
 * Schemas of single values: booleans as in privacyIDEA's forms and exports, texts that a parser has turned into numbers (a
 * PIN, a phone number, a uid), and instants.
 */

import * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { isExact } from '../text/json.ts';
import { transformWith } from './validate.ts';

const TRUE: readonly unknown[] = [true, 1, '1', 'true', 'True', 'TRUE'];
const FALSE: readonly unknown[] = [false, 0, '0', 'false', 'False', 'FALSE'];

/** All values that are read as booleans. */
export const FLAGS: readonly unknown[] = [...TRUE, ...FALSE];

/** Reads a boolean; `null` for any other value. */
export function readFlag(value: unknown): boolean | null {
  if (TRUE.includes(value)) return true;
  return FALSE.includes(value) ? false : null;
}

/** Makes the schema of a boolean. @param code the stable code of the error for any other value */
export function flag(code: ErrorCode) {
  return z.pipe(
    z.unknown(),
    transformWith((value: unknown) => {
      const read = readFlag(value);
      if (read !== null) return read;
      throw new TokenwrightError(code, `must be true or false, not ${showValue(value)}`, {
        given: value,
        allowed: 'true, 1, "1", "true", "True"; false likewise',
      });
    }),
  );
}

/** Writes a value for an error message; not an object, which may be nested too deeply to be written. */
export function showValue(value: unknown): string {
  return isObject(value) ? 'an object or a list' : String(JSON.stringify(value));
}

/**
 * Makes the schema of a text that may be written as a number without quotes. A number is accepted only if its digits are
 * certain; otherwise it could be another text, such as another user's uid.
 *
 * @param code the stable code of the error for a number whose digits are not certain
 */
export function textOrNumber(code: ErrorCode) {
  return z.pipe(
    z.union([z.string(), z.number()]),
    transformWith((value: string | number) => exactText(value, code)),
  );
}

/** Returns the text that a number was written as. @throws TokenwrightError `code` if its digits are not certain */
export function exactText(value: string | number, code: ErrorCode): string {
  if (typeof value === 'string' || isExact(value)) return String(value);
  throw new TokenwrightError(code, 'is a number whose digits are not certain: write it in quotes', {
    allowed: 'a text in quotes',
  });
}

const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * A point in time, read as milliseconds since 1970: ISO 8601 with a zone, a date that exists, from 1970 on. An earlier
 * one cannot be stored in a token's packed ledger, where it would read as a time far in the future.
 */
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
  return new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(-2));
}
