/** How this room refuses: one code, with what was given and what would have been accepted. */
import { TokenwrightError } from '../base/error.ts';

/** A condition's value that cannot be meant, or a fact that cannot be evaluated. */
export function badCondition(message: string, given: unknown, allowed?: string | readonly string[]): TokenwrightError {
  return new TokenwrightError('bad_condition', message, allowed === undefined ? { given } : { given, allowed });
}

/** What `read` finds. @throws TokenwrightError `bad_condition` where a stored value is there and cannot be read */
export function evaluable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenwrightError) || error.code !== 'unreadable_value') throw error;
    const { path = '', given, allowed } = error.details;
    throw badCondition(`${path}: ${error.message}`, given, allowed);
  }
}
