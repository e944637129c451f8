/**
 * Checks definitions before they are saved: shape, action, options, conditions, tags, dates. Collects all errors of all
 * files, each with its path. If anything is refused, nothing is saved.
 */
import type { AnyAction } from '../action/action.ts';
import { parseOptions } from '../action/options.ts';
import { TokenwrightError } from '../base/error.ts';
import { isObject } from '../base/object.ts';
import { parseClauses } from '../condition/clause.ts';
import { closest, didYouMean } from '../schema/closest.ts';
import { check } from '../schema/validate.ts';
import { prepareConditions } from './compile.ts';
import { Definition } from './definition.ts';
import { definitionList, foreignModule, type InputDefinition, noList } from './input.ts';
import { targetErrors } from './target.ts';

export interface CheckedDefinitions {
  readonly definitions: readonly Definition[];
  readonly errors: readonly TokenwrightError[];
  /** Definitions of other handler modules, which are not imported. */
  readonly leftOut: readonly { readonly name: string; readonly handlermodule: string }[];
}

/**
 * Checks definitions in any of the accepted forms.
 *
 * @param findAction looks up an action by its name, without regard to case
 * @param actionNames the allowed names, for suggestions
 * @param path the beginning of the paths of errors, as in `definitions[3].options.realm`
 */
export async function checkDefinitions(
  input: unknown,
  findAction: (name: string) => AnyAction | undefined,
  actionNames: readonly string[],
  path = 'definitions',
): Promise<CheckedDefinitions> {
  const list = definitionList(input);
  if (!Array.isArray(list)) return { definitions: [], errors: [noList({ path })], leftOut: [] };
  const inputs = list.map((value, i) => ({ value, path: `${path}[${i}]` }));
  return checkInputs(inputs, findAction, actionNames);
}

/** Checks each definition, and that no id occurs twice. */
export async function checkInputs(
  inputs: readonly InputDefinition[],
  findAction: (name: string) => AnyAction | undefined,
  actionNames: readonly string[],
): Promise<CheckedDefinitions> {
  const definitions: Definition[] = [];
  const errors: TokenwrightError[] = [];
  const leftOut: { name: string; handlermodule: string }[] = [];
  const seen = new Set<number>();
  for (const { value, path, file } of inputs) {
    const foreign = foreignModule(value);
    if (foreign) {
      leftOut.push(foreign);
      continue;
    }
    const { definition, errors: faults } = await checkDefinition(value, findAction, actionNames);
    const twice = definition !== undefined && seen.has(definition.id) ? [duplicateId(definition.id)] : [];
    errors.push(...[...faults, ...twice].map((error) => error.under(path)).map((error) => inFile(error, file)));
    if (!definition) continue;
    seen.add(definition.id);
    definitions.push(definition);
  }
  return { definitions, errors, leftOut };
}

function inFile(error: TokenwrightError, file: string | undefined): TokenwrightError {
  return file === undefined ? error : error.with({ file });
}

function duplicateId(id: number): TokenwrightError {
  return new TokenwrightError('bad_definition', `the id ${id} is given twice`, { path: 'id', given: id });
}

async function checkDefinition(
  input: unknown,
  findAction: (name: string) => AnyAction | undefined,
  actionNames: readonly string[],
): Promise<{ definition?: Definition; errors: readonly TokenwrightError[] }> {
  const shape = check(Definition, input, 'bad_definition');
  const fields = shape.ok ? shape.value : readableFields(input);
  const action = fields.action === undefined ? undefined : findAction(fields.action);
  const errors = [
    ...misspeltKeys(input),
    ...(shape.ok ? [] : shape.errors),
    ...(await conditionErrors(fields)),
    ...(action ? actionErrors(action, fields) : unknownAction(fields.action, actionNames)),
    ...targetErrors(action ? { ...fields, action: action.name } : fields),
  ];
  if (!shape.ok) return { errors };
  return { definition: { ...shape.value, action: action?.name ?? shape.value.action }, errors };
}

/** Reads the valid fields of a definition that has errors, so that one error does not hide others. */
function readableFields(input: unknown): Partial<Definition> {
  if (!isObject(input)) return {};
  const values = new Map<string, unknown>(Object.entries(input));
  const fields = Object.entries(Definition.shape).flatMap(([key, schema]) => {
    const field = check(schema, values.get(key), 'bad_definition');
    return field.ok ? [[key, field.value]] : [];
  });
  return Object.fromEntries(fields);
}

async function conditionErrors(fields: Partial<Definition>): Promise<readonly TokenwrightError[]> {
  const { conditions = {}, unless = {}, when_missing = 'hold' } = fields;
  await prepareConditions({ conditions, unless }).catch(() => undefined);
  return parseClauses({ conditions, unless, when_missing }).errors;
}

function actionErrors(action: AnyAction, { position, options = {} }: Partial<Definition>): TokenwrightError[] {
  const parsed = parseOptions(action, options);
  const errors = parsed.ok ? [] : parsed.errors.map((error) => error.under('options'));
  if (position === undefined || action.positions.includes(position)) return errors;
  const message = `"${action.name}" cannot be used at "${position}"`;
  return [new TokenwrightError('bad_definition', message, { path: 'position', allowed: action.positions }), ...errors];
}

function unknownAction(name: string | undefined, actionNames: readonly string[]): TokenwrightError[] {
  if (name === undefined) return [];
  const message = `there is no action "${name}"${didYouMean(name, actionNames)}`;
  return [new TokenwrightError('unknown_action', message, { path: 'action', given: name, allowed: actionNames })];
}

/**
 * Refuses keys that resemble a known one: "conditons" would leave a definition without conditions. Other unknown keys are
 * accepted, because exports have some (privacyIDEA exports an empty `condition` beside `conditions`).
 */
function misspeltKeys(input: unknown): TokenwrightError[] {
  if (!isObject(input)) return [];
  const allowed = Object.keys(Definition.shape);
  return Object.entries(input).flatMap(([key, value]) => {
    const meant = allowed.includes(key) || value == null || value === '' ? undefined : closest(key, allowed);
    if (meant === undefined) return [];
    const message = `"${key}" is not known here; did you mean "${meant}"?`;
    return [new TokenwrightError('bad_definition', message, { path: key, allowed })];
  });
}
