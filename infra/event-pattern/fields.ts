/**
 * Takes an event apart into its leaves, each with the dotted path that leads to it. Arrays are not part of the path;
 * instead a leaf keeps which element of which array it stands in, because two fields of a pattern may not be met by two
 * different elements of one array.
 */

export type Leaf = string | number | boolean | null;

/** Array (numbered as it is met) -> index of the element. */
export type Membership = ReadonlyMap<number, number>;

export interface Field {
  readonly value: Leaf;
  readonly membership: Membership;
}

export type Fields = ReadonlyMap<string, readonly Field[]>;

export const NOWHERE: Membership = new Map();

/** Lists the leaves of an event by path: `detail.user.realm`. Empty objects and empty arrays have none. */
export function fieldsOf(event: object): Fields {
  const fields = new Map<string, Field[]>();
  let arrays = 0;

  const add = (path: string, value: unknown, membership: Membership): void => {
    if (Array.isArray(value)) addArray(path, value, membership);
    else if (isObject(value)) addObject(path, value, membership);
    else if (isLeaf(value)) fields.set(path, [...(fields.get(path) ?? []), { value, membership }]);
  };

  const addArray = (path: string, array: readonly unknown[], membership: Membership): void => {
    const id = arrays++;
    for (const [index, element] of array.entries()) {
      const nested = typeof element === 'object' && element !== null;
      add(path, element, nested ? new Map(membership).set(id, index) : membership);
    }
  };

  const addObject = (path: string, object: object, membership: Membership): void => {
    for (const [key, value] of Object.entries(object)) add(path === '' ? key : `${path}.${key}`, value, membership);
  };

  addObject('', event, NOWHERE);
  return fields;
}

/** Combines two memberships; undefined if they name different elements of one array. */
export function join(one: Membership, other: Membership): Membership | undefined {
  if (other.size === 0) return one;
  const joined = new Map(one);
  for (const [array, index] of other) {
    if ((joined.get(array) ?? index) !== index) return undefined;
    joined.set(array, index);
  }
  return joined;
}

/** Tells whether a value is an object with named fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
