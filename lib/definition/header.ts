/**
 * What a stored definition says of when it is looked at: read without checking it, since one that is broken is
 * reported at its events, and since a cold instance reads this of every definition, and compiles few of them.
 */

import { isObject } from '../base/object.ts';
import type { Position } from '../event/auth-event.ts';
import { readFlag } from '../schema/scalar.ts';
import { parseInteger } from '../text/number.ts';

export interface Header {
  readonly position: Position;
  /** None where it is inactive. */
  readonly events: readonly string[];
  /** Behind all others where it cannot be read. */
  readonly ordering: number;
}

/** The header of a stored definition's body. */
export function headerOf(body: unknown): Header {
  const { position, active, ordering, event } = uncheckedFields(body);
  const events = readFlag(active) === false ? [] : eventsOf(event);
  return { position: position === 'pre' ? 'pre' : 'post', events, ordering: orderingOf(ordering ?? 0) };
}

/** The fields of a stored body, or of what stands in it, whatever they hold; of what is no object none. */
export function uncheckedFields(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : NO_FIELDS;
}

const NO_FIELDS = {};

function eventsOf(event: unknown): readonly string[] {
  const [only, ...more] = Array.isArray(event) ? event : [event];
  if (more.length === 0 && typeof only === 'string' && !only.includes(',')) return [only.trim()]; // as most have it
  const events = new Set<string>();
  for (const one of Array.isArray(event) ? event : [event]) {
    if (typeof one === 'string') for (const name of one.split(',')) events.add(name.trim());
  }
  return [...events];
}

function orderingOf(ordering: unknown): number {
  const isReadable = typeof ordering === 'number' || typeof ordering === 'string';
  return (isReadable ? parseInteger(ordering) : null) ?? Number.POSITIVE_INFINITY;
}
