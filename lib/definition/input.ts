/**
 * Definitions as people give them: a list, one alone, `{"definitions": [...]}`, privacyIDEA's `{"event": [...]}`, or
 * its whole configuration, of which the rest is none of our business. One that is known by its name alone gets its id.
 */
import { TokenwrightError } from '../base/error.ts';
import { isObject, isRecord } from '../base/object.ts';

/** What stands in one file, or came in one request. */
export interface InputFile {
  readonly input: unknown;
  /** Names the file in errors, where there are several. */
  readonly file?: string;
}

/** One definition, unchecked, and where it stands. */
export interface InputDefinition {
  readonly value: unknown;
  /** As in `definitions[3]`. */
  readonly path: string;
  readonly file?: string;
}

/** What definitions may be given as, turned into a list; anything else is left as it is. */
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

/** The definitions of some files, in their order. */
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

export function noList(where: { readonly path: string; readonly file?: string }): TokenwrightError {
  return new TokenwrightError('bad_definition', 'must be a list of definitions, or {"event": [...]}', where);
}

/** The keys beside the definitions: the rest of a configuration, which is left alone. */
export function ignoredKeys({ input }: InputFile): string[] {
  const list = definitionList(input);
  if (!isRecord(input) || !Array.isArray(list)) return [];
  return Object.entries(input).flatMap(([key, value]) => (value === list || list.includes(input) ? [] : [key]));
}

/** An id and a name that are taken. */
export interface KnownDefinition {
  readonly id: number;
  readonly name: string;
}

/**
 * Gives an id to each definition that has a name alone: the one that a known definition of that name has, else a new
 * one, in the order in which they are given.
 *
 * @param usedIds ids that new ones must not meet, also those of deleted definitions
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

/** A definition of another handler module: it is not ours. */
export function foreignModule(input: unknown): { name: string; handlermodule: string } | null {
  if (!isObject(input)) return null;
  const { handlermodule, name = '' } = input;
  if (typeof handlermodule !== 'string' || handlermodule === 'Token') return null;
  return { name: String(name), handlermodule };
}
