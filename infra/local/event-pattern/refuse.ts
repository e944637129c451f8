/** How a pattern is refused: the same words everywhere, with the path of the part that is at fault. */
import { TokenwrightError } from '../../../lib/base/error.ts';

/** The refusal of a pattern: what was given at which path, and what is allowed there. */
export function refuse(path: string, given: unknown, allowed: string | readonly string[]): TokenwrightError {
  const wanted = typeof allowed === 'string' ? allowed : `one of ${allowed.join(', ')}`;
  return new TokenwrightError('bad_pattern', `${path || 'pattern'}: ${JSON.stringify(given)} is not ${wanted}`, {
    path,
    given,
    allowed,
  });
}
