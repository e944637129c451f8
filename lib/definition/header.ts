/**
 * The fields of a stored definition that decide when it is loaded, read without checking the rest: a cold instance reads
 * them of all definitions and compiles few, and a broken definition is reported at its events.
 */

import { isObject } from '../base/object.ts';
import type { Position } from '../event/auth-event.ts';
import { readFlag } from '../schema/scalar.ts';
import { parseInteger } from '../text/number.ts';

export interface Header {
  readonly position: Position;
  /** Empty if it is inactive. */
  readonly events: readonly string[];
  /** Infinity if it cannot be read, which puts it last. */
  readonly ordering: number;
}

/** Reads the header of a stored body. */
export function headerOf(body: unknown): Header {
  const { position, active, ordering, event } = uncheckedFields(body);
  const events = readFlag(active) === false ? [] : eventsOf(event);
  return { position: position === 'pre' ? 'pre' : 'post', events, ordering: orderingOf(ordering ?? 0) };
}

/** Returns the fields of an unchecked value; none if it is not an object. */
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
