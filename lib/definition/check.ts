/**
 * What is checked when definitions are saved: shape, action, options, conditions, tags, dates; all faults
 * of a file at once, each with its path. Nothing is saved where anything is refused.
 */
import type { AnyAction } from '../action/action.ts';
import { parseOptions } from '../action/options.ts';
import { closest } from '../closest.ts';
import { joinPath, TokenwrightError } from '../error.ts';
import { check } from '../validate.ts';
import { parseClauses } from './clause.ts';
import { prepareConditions } from './compile.ts';
import { Definition, SUPPORTED_TARGETS } from './definition.ts';

export interface CheckedDefinitions {
  readonly definitions: readonly Definition[];
  readonly errors: readonly TokenwrightError[];
  /** Definitions of other handler modules, by name: they are not ours. */
  readonly leftOut: readonly { readonly name: string; readonly handlermodule: string }[];
}

/** What definitions may be given as: a list, or privacyIDEA's export `{"event": [...]}`. */
function definitionList(input: unknown): unknown {
  if (input !== null && typeof input === 'object' && 'event' in input && Array.isArray(input.event)) {
    const { event } = input;
    const isOneDefinition = 'action' in input || (event.length > 0 && event.every((one) => typeof one === 'string'));
    return isOneDefinition ? [input] : input.event;
  }
  return input !== null && typeof input === 'object' && 'action' in input ? [input] : input;
}

/**
 * Checks definitions.
 *
 * @param path what the paths of errors start with, as in `definitions[3].options.realm`
 */
export async function checkDefinitions(
  input: unknown,
  findAction: (name: string) => AnyAction | undefined,
  actionNames: readonly string[],
  path = 'definitions',
): Promise<CheckedDefinitions> {
  const list = definitionList(input);
  if (!Array.isArray(list)) {
    const error = new TokenwrightError('bad_definition', 'must be a list of definitions, or {"event": [...]}', {
      path,
    });
    return { definitions: [], errors: [error], leftOut: [] };
  }
  const definitions: Definition[] = [];
  const errors: TokenwrightError[] = [];
  const leftOut: { name: string; handlermodule: string }[] = [];
  const seen = new Set<number>();
  for (const [i, given] of list.entries()) {
    const foreign = foreignModule(given);
    if (foreign) {
      leftOut.push(foreign);
      continue;
    }
    const result = await checkDefinition(given, findAction, actionNames);
    const at = `${path}[${i}]`;
    errors.push(...result.errors.map((error) => error.under(at)));
    if (!result.definition) continue;
    const { id } = result.definition;
    if (seen.has(id))
      errors.push(
        new TokenwrightError('bad_definition', `the id ${id} is given twice`, { path: joinPath(at, 'id'), given: id }),
      );
    seen.add(id);
    definitions.push(result.definition);
  }
  return { definitions, errors, leftOut };
}

async function checkDefinition(
  given: unknown,
  findAction: (name: string) => AnyAction | undefined,
  actionNames: readonly string[],
): Promise<{ definition?: Definition; errors: readonly TokenwrightError[] }> {
  const shape = check(Definition, given, 'bad_definition');
  const fields = shape.ok ? shape.value : readableFields(given);
  const action = fields.action === undefined ? undefined : findAction(fields.action);
  const errors = [
    ...misspeltKeys(given),
    ...(shape.ok ? [] : shape.errors),
    ...(await conditionErrors(fields)),
    ...(action ? actionErrors(action, fields) : unknownAction(fields.action, actionNames)),
    ...targetErrors(fields),
  ];
  if (!shape.ok) return { errors };
  return { definition: { ...shape.value, action: action?.name ?? shape.value.action }, errors };
}

/** What can be read of a definition that has a fault, so that one fault does not hide the others. */
function readableFields(given: unknown): Partial<Definition> {
  if (given === null || typeof given !== 'object') return {};
  const values = new Map<string, unknown>(Object.entries(given));
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

function unknownAction(given: string | undefined, actionNames: readonly string[]): TokenwrightError[] {
  if (given === undefined) return [];
  const suggestion = closest(given, actionNames);
  const hint = suggestion ? `; did you mean "${suggestion}"?` : '';
  const message = `there is no action "${given}"${hint}`;
  return [new TokenwrightError('unknown_action', message, { path: 'action', given, allowed: actionNames })];
}

function targetErrors({ target }: Partial<Definition>): TokenwrightError[] {
  if (target === undefined || SUPPORTED_TARGETS.includes(target)) return [];
  const message = `the target "${target}" is not available yet`;
  return [new TokenwrightError('bad_definition', message, { path: 'target', allowed: SUPPORTED_TARGETS })];
}

/**
 * Exports may have keys of their own (the peer's table has a column `condition` beside `conditions`, always
 * empty), but "conditons" would leave a definition without conditions.
 */
function misspeltKeys(given: unknown): TokenwrightError[] {
  if (given === null || typeof given !== 'object') return [];
  const allowed = Object.keys(Definition.shape);
  return Object.entries(given).flatMap(([key, value]) => {
    const meant = allowed.includes(key) || value == null || value === '' ? undefined : closest(key, allowed);
    if (meant === undefined) return [];
    const message = `"${key}" is not known here; did you mean "${meant}"?`;
    return [new TokenwrightError('bad_definition', message, { path: key, allowed })];
  });
}

function foreignModule(given: unknown): { name: string; handlermodule: string } | null {
  if (given === null || typeof given !== 'object' || !('handlermodule' in given)) return null;
  const { handlermodule } = given;
  if (typeof handlermodule !== 'string' || handlermodule === 'Token') return null;
  return { name: 'name' in given ? String(given.name) : '', handlermodule };
}
