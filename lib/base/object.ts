/** Guards for values of unknown type. */

/** Tells whether a value is an object or a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

/** Tells whether a value is an object with named fields, and not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}

/** Tells whether an object or list is nested deeper than so many levels. Looks no deeper than that. */
export function isDeeperThan(levels: number, value: object): boolean {
  return levels === 0 || Object.values(value).some((part) => isObject(part) && isDeeperThan(levels - 1, part));
}
