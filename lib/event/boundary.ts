/**
 * What every auth event has to satisfy before it is read: its secrets are dropped, its nesting is bounded, its serials
 * are split, and its source is not our own.
 */
import { TokenwrightError } from '../base/error.ts';
import { isDeeperThan, isObject } from '../base/object.ts';
import { isSecretName } from '../schema/secret-names.ts';

/** The source of our own events: it never triggers definitions, which rules out loops. */
export const OWN_SOURCE = 'tokenwright';
/** The source of the front door's events; unlike our own it may trigger definitions. */
export const AUTH_SOURCE = 'tokenwright.auth';

/**
 * How many levels of objects and lists an event may have; the envelope is the first. The answer to a login has a few;
 * 20,000 levels, which fit into one event, overflow the stack of any function that walks it recursively.
 */
export const MAX_DEPTH = 100;

/** Returns the error of a value that is nested too deeply, with its path; `null` if it is not. */
export function tooDeep(value: unknown): TokenwrightError | null {
  for (const [key, part] of Object.entries(isObject(value) ? value : {})) {
    if (isObject(part) && isDeeperThan(MAX_DEPTH - 1, part)) {
      const message = `is nested more than ${MAX_DEPTH} levels deep`;
      return new TokenwrightError('bad_event', message, { path: key, allowed: `at most ${MAX_DEPTH} levels` });
    }
  }
  return null;
}

/** The most tokens that an event may name: each costs an invocation, and no login is about so many. */
const MOST_SERIALS = 100;

/** Splits serials at commas, without spaces and duplicates. @throws TokenwrightError `bad_event` for more than 100 */
export function splitSerials(text: string): string[] {
  const serials = [...new Set(text.split(',').map((serial) => serial.trim()))].filter((serial) => serial !== '');
  if (serials.length <= MOST_SERIALS) return serials;
  throw new TokenwrightError('bad_event', `names ${serials.length} tokens`, { allowed: `at most ${MOST_SERIALS}` });
}

/**
 * Spells the serials of a request as the response does: a user may type a serial with another case, Unicode form or
 * spaces.
 */
export function spelledAs(requested: readonly string[], answered: readonly string[]): readonly string[] {
  if (requested.every((serial) => answered.includes(serial))) return requested;
  const spellings = new Map(answered.map((serial) => [folded(serial), serial]));
  return [...new Set(requested.map((serial) => spellings.get(folded(serial)) ?? serial))];
}

function folded(serial: string): string {
  return serial.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();
}

/** Replaces what is nested too deeply. It is itself one level too deep, so that the event is refused afterwards. */
const CUT = [`nested more than ${MAX_DEPTH} levels deep`];

/** Copies a JSON value without its secret keys, at any depth. @returns the copy, and how many keys were dropped */
export function dropSecrets(value: unknown): { readonly value: unknown; readonly dropped: number } {
  let dropped = 0;
  const copy = (part: unknown, level: number): unknown => {
    if (!isObject(part)) return part;
    if (level > MAX_DEPTH) return CUT;
    if (Array.isArray(part)) return part.map((inner) => copy(inner, level + 1));
    const kept: Record<string, unknown> = { ...part };
    for (const [key, inner] of Object.entries(part)) {
      if (!isSecretName(key)) kept[key] = copy(inner, level + 1);
      else {
        delete kept[key];
        dropped += 1;
      }
    }
    return kept;
  };
  return { value: copy(value, 1), dropped };
}
