/**
 * Reads definitions in all accepted forms: a list, a single one, `{"definitions": [...]}`, privacyIDEA's
 * `{"event": [...]}`, or its whole configuration, of which the rest is ignored. A definition without an id gets one by its
 * name.
 */
import { TokenwrightError } from '../base/error.ts';
import { isObject, isRecord } from '../base/object.ts';

/** The content of a file or a request. */
export interface InputFile {
  readonly input: unknown;
  /** The file, for errors, if there are several. */
  readonly file?: string;
}

/** An unchecked definition, and its place. */
export interface InputDefinition {
  readonly value: unknown;
  /** As in `definitions[3]`. */
  readonly path: string;
  readonly file?: string;
}

/** Turns any accepted form into a list; returns other input unchanged. */
export function definitionList(input: unknown): unknown {
  if (!isObject(input)) return input;
  if ('event' in input && Array.isArray(input.event)) {
    const { event } = input;
    const isOneDefinition = 'action' in input || (event.length > 0 && event.every((one) => typeof one === 'string'));
    return isOneDefinition ? [input] : event;
  }
  if ('action' in input) return [input];
  return 'definitions' in input && Array.isArray(input.definitions) ? input.definitions : input;
}

/** Lists the definitions of some files, in order. */
export function listInput(files: readonly InputFile[]): {
  readonly inputs: InputDefinition[];
  readonly errors: TokenwrightError[];
} {
  const inputs: InputDefinition[] = [];
  const errors: TokenwrightError[] = [];
  for (const { input, file } of files) {
    const where = file === undefined ? {} : { file };
    const list = definitionList(input);
    if (Array.isArray(list)) inputs.push(...list.map((value, i) => ({ value, path: `definitions[${i}]`, ...where })));
    else errors.push(noList({ path: 'definitions', ...where }));
  }
  return { inputs, errors };
}

/** Makes the error of input in none of the accepted forms. */
export function noList(where: { readonly path: string; readonly file?: string }): TokenwrightError {
  return new TokenwrightError('bad_definition', 'must be a list of definitions, or {"event": [...]}', where);
}

/** Returns the ignored keys: the rest of a configuration. */
export function ignoredKeys({ input }: InputFile): string[] {
  const list = definitionList(input);
  if (!isRecord(input) || !Array.isArray(list)) return [];
  return Object.entries(input).flatMap(([key, value]) => (value === list || list.includes(input) ? [] : [key]));
}

/** The id and name of a stored definition. */
export interface KnownDefinition {
  readonly id: number;
  readonly name: string;
}

/**
 * Gives an id to each definition that has only a name: that of the stored definition of the same name, else a new one, in
 * order.
 *
 * @param usedIds ids that must not be used again, those of deleted definitions included
 */
export function identify(
  inputs: readonly InputDefinition[],
  known: readonly KnownDefinition[],
  usedIds: Iterable<number>,
): { readonly inputs: InputDefinition[]; readonly errors: TokenwrightError[] } {
  const taken = new Set(inputs.flatMap(({ value }) => idOf(value) ?? []).filter(Number.isSafeInteger));
  const named = new Map<string, InputDefinition[]>();
  for (const one of inputs.filter(({ value }) => isNamedOnly(value))) {
    named.set(nameOf(one.value), [...(named.get(nameOf(one.value)) ?? []), one]);
  }
  const errors: TokenwrightError[] = [];
  let next = [...usedIds, ...taken].reduce((highest, id) => Math.max(highest, id), 0) + 1;
  const identified = inputs.map((one) => {
    if (!isNamedOnly(one.value)) return one;
    const name = nameOf(one.value);
    const twins = named.get(name) ?? [];
    const matches = known.filter((each) => each.name === name && !taken.has(each.id));
    const error = ambiguity(one, name, twins, matches);
    if (error) errors.push(error);
    const id = matches[0]?.id ?? next++;
    return { ...one, value: { ...(one.value as object), id } };
  });
  return { inputs: identified, errors };
}

function ambiguity(
  { path, file }: InputDefinition,
  name: string,
  twins: readonly InputDefinition[],
  matches: readonly KnownDefinition[],
): TokenwrightError | undefined {
  const where = { path: `${path}.name`, ...(file === undefined ? {} : { file }), given: name };
  if (twins.length > 1) {
    const places = twins.map((twin) => `${twin.file === undefined ? '' : `${twin.file}: `}${twin.path}`).join(', ');
    const message = `the name "${name}" alone does not tell apart ${places}; give them ids or other names`;
    return new TokenwrightError('ambiguous_name', message, where);
  }
  if (matches.length < 2) return undefined;
  const ids = matches.map(({ id }) => String(id));
  const message = `the name "${name}" alone does not say which is meant of the definitions ${ids.join(', ')}; give the id`;
  return new TokenwrightError('ambiguous_name', message, { ...where, allowed: ids });
}

function isNamedOnly(value: unknown): boolean {
  if (!isObject(value) || foreignModule(value)) return false;
  return idOf(value) === undefined && nameOf(value) !== '';
}

function idOf(value: unknown): number | undefined {
  const { id } = isObject(value) ? value : {};
  return id === undefined || id === null || id === '' ? undefined : Number(id);
}

function nameOf(value: unknown): string {
  const { name } = isObject(value) ? value : {};
  return typeof name === 'string' ? name : '';
}

/** Returns name and module of a definition that belongs to another handler module; `null` if it is ours. */
export function foreignModule(input: unknown): { name: string; handlermodule: string } | null {
  if (!isObject(input)) return null;
  const { handlermodule, name = '' } = input;
  if (typeof handlermodule !== 'string' || handlermodule === 'Token') return null;
  return { name: String(name), handlermodule };
}
