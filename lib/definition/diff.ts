/**
 * Compares two sets of definitions. The difference is data: added, changed and removed definitions, and each field before
 * and after. Secrets are compared, but never shown.
 */
import { isDeepStrictEqual } from 'node:util';
import { joinPath } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { isSecretOption, MASK } from '../schema/secret-names.ts';
import { check } from '../schema/validate.ts';
import { Definition } from './definition.ts';
import { uncheckedFields } from './header.ts';
import { isSealed } from './sealed-options.ts';
import { maskOption } from './secret-options.ts';

export interface FieldChange {
  /** As in `options.valid till` or `conditions[0].tokentype`. */
  readonly path: string;
  /** `undefined` if it is absent or has its default. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface DefinitionChange {
  readonly kind: 'add' | 'change' | 'remove';
  readonly id: number;
  readonly name: string;
  /** In the order of the definition's own fields. */
  readonly fields: readonly FieldChange[];
}

/** Bodies of definitions by id. One that cannot be parsed is compared unparsed. */
export type Bodies = ReadonlyMap<number, unknown>;

/** Returns the definitions that differ, by id. */
export function diffDefinitions(before: Bodies, after: Bodies): DefinitionChange[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  return ids.flatMap((id) => {
    const kind = !before.has(id) ? 'add' : !after.has(id) ? 'remove' : 'change';
    const fields = diffVersions(before.get(id) ?? null, after.get(id) ?? null);
    if (kind === 'change' && fields.length === 0) return [];
    return [{ kind, id, name: nameOf(after.get(id) ?? before.get(id)), fields }];
  });
}

/**
 * Returns the fields in which two versions of a definition differ; `null` is no version. Of an added or removed definition,
 * fields with their default are left out.
 */
export function diffVersions(before: unknown, after: unknown): FieldChange[] {
  const old = before === null ? null : fieldsOf(before);
  const young = after === null ? null : fieldsOf(after);
  const [left, right] = [old ?? DEFAULTS, young ?? DEFAULTS];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => !isDeepStrictEqual(left.get(path), right.get(path)))
    .map((path) => ({ path, ...shown(path, old?.get(path), young?.get(path)) }));
}

type FieldsByPath = ReadonlyMap<string, unknown>;

function nameOf(body: unknown): string {
  return String(uncheckedFields(body).name ?? '');
}

/** Returns a definition's fields by path, without its id. */
function fieldsOf(body: unknown): FieldsByPath {
  const read = check(Definition, body, 'bad_definition');
  const value: unknown = read.ok ? { ...read.value, action: read.value.action.trim().toLowerCase() } : (body ?? {});
  const fields = new Map(flatten('', value));
  fields.delete('id');
  return fields;
}

/** Lists the fields in a value. A list of plain values is one field; an empty dictionary has none. */
function flatten(path: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) {
    if (!value.some(isObject)) return [[path, value]];
    return value.flatMap((one, i) => flatten(`${path}[${i}]`, one));
  }
  if (!isObject(value) || isSealed(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => flatten(joinPath(path, key), one));
}

const DEFAULTS: FieldsByPath = (() => {
  const fields = fieldsOf({ id: 1, event: 'x', action: 'x' });
  return new Map([...fields].filter(([path]) => path !== 'event' && path !== 'action'));
})();

/** Masks secrets: only that they differ is shown. */
function shown(path: string, before: unknown, after: unknown): Pick<FieldChange, 'before' | 'after'> {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const inOptions = path.startsWith('options.');
  if (inOptions && (isSecretOption(name) || isSealed(before) || isSealed(after))) {
    return {
      before: before === undefined ? undefined : MASK,
      after: after === undefined ? undefined : `${MASK} (new)`,
    };
  }
  return inOptions ? { before: maskOption(name, before), after: maskOption(name, after) } : { before, after };
}
