/**
 * Texts that people write without quotes, and that a parser made numbers of: a PIN, a phone number, a uid. Such a number
 * is taken only where its digits are certain; otherwise it would be another text, perhaps another user's.
 */
import * as z from 'zod/mini';
import type { ErrorCode } from '../base/codes.ts';
import { TokenwrightError } from '../base/error.ts';
import { isExact } from '../text/json.ts';
import { transformWith } from './validate.ts';

/**
 * Makes the schema of a text that may be written as a number. @param code the stable code where its digits are not sure
 */
export function textOrNumber(code: ErrorCode) {
  return z.pipe(
    z.union([z.string(), z.number()]),
    transformWith((value: string | number) => exactText(value, code)),
  );
}

/** The text that a number was written as. @throws TokenwrightError `code` where that cannot be told: it may be another */
export function exactText(value: string | number, code: ErrorCode): string {
  if (typeof value === 'string' || isExact(value)) return String(value);
  throw new TokenwrightError(code, 'is a number whose digits are not certain: write it in quotes', {
    allowed: 'a text in quotes',
  });
}
