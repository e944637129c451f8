/** Serials as events name them: separated by commas, spaces around dropped, doubles once. */
import { TokenwrightError } from '../base/error.ts';

/** An event about more tokens is malformed: each costs an invocation, and no login is about so many. */
const MOST_SERIALS = 100;

/** @throws TokenwrightError `bad_event` for more than `MOST_SERIALS` */
export function splitSerials(text: string): string[] {
  const serials = [...new Set(text.split(',').map((serial) => serial.trim()))].filter((serial) => serial !== '');
  if (serials.length <= MOST_SERIALS) return serials;
  throw new TokenwrightError('bad_event', `names ${serials.length} tokens`, { allowed: `at most ${MOST_SERIALS}` });
}

/**
 * The tokens of a request, each as the response spells it: what a user typed may differ from the token's serial in
 * case, Unicode form and spaces.
 */
export function spelledAs(requested: readonly string[], answered: readonly string[]): string[] {
  const spellings = new Map(answered.map((serial) => [folded(serial), serial]));
  return [...new Set(requested.map((serial) => spellings.get(folded(serial)) ?? serial))];
}

function folded(serial: string): string {
  return serial.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();
}
