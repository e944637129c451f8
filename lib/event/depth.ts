/**
 * How deep JSON may be nested in an auth event. What answers a login is a few levels deep; 20,000 levels, which
 * fit into one event, overflow the stack of whatever walks or writes them recursively.
 */
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';

/** Levels of objects and lists, the envelope being the first. */
export const MAX_DEPTH = 100;

/** The fault of a value that is nested too deeply, with the path where it begins; `null`: it is not. */
export function tooDeep(value: unknown): TokenwrightError | null {
  for (const [key, part] of Object.entries(isObject(value) ? value : {})) {
    if (isObject(part) && isDeeperThan(MAX_DEPTH - 1, part)) {
      const message = `is nested more than ${MAX_DEPTH} levels deep`;
      return new TokenwrightError('bad_event', message, { path: key, allowed: `at most ${MAX_DEPTH} levels` });
    }
  }
  return null;
}

/** Whether a value is an object or list of more than so many levels; looks no deeper. */
export function isDeeperThan(levels: number, value: object): boolean {
  return levels === 0 || Object.values(value).some((part) => isObject(part) && isDeeperThan(levels - 1, part));
}
