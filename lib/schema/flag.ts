/** Booleans as privacyIDEA's forms and exports write them. */
import * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { transformWith } from './validate.ts';

const TRUE: readonly unknown[] = [true, 1, '1', 'true', 'True', 'TRUE'];
const FALSE: readonly unknown[] = [false, 0, '0', 'false', 'False', 'FALSE'];

/** Every value that is a boolean. */
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
  return value !== null && typeof value === 'object' ? 'an object or a list' : String(JSON.stringify(value));
}
