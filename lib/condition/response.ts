/**
 * What conditions read in an event's `response`, privacyIDEA's JSON answer as it came. Anything may be
 * missing in it; `undefined` says so.
 */

import { isObject } from '../base/object.ts';

/** The value at a path of keys. */
export function readResponse(response: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    response,
  );
}
