/** How this room refuses: one code, with what was given and what would have been accepted. */
import { TokenwrightError } from '../base/error.ts';

/** A condition's value that cannot be meant, or a fact that cannot be evaluated. */
export function badCondition(
  message: string,
  given: unknown,
  allowed?: string | readonly string[],
): TokenwrightError<'bad_condition'> {
  return new TokenwrightError('bad_condition', message, allowed === undefined ? { given } : { given, allowed });
}
