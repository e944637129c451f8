/**
 * Parses a stored definition once, when it is loaded, so that events do not pay for it. A definition that cannot be
 * parsed is kept as broken: it is reported, and does not stop the others.
 */
import { ACTION_NAMES } from '../action/table.ts';
import { TokenwrightError } from '../base/error.ts';
import { usesRegularExpressions } from '../condition/catalogue.ts';
import { type Clause, parseClauses } from '../condition/clause.ts';
import { loadRegularExpressions } from '../condition/regular-expression.ts';
import { check, describeError } from '../schema/validate.ts';
import { Definition } from './definition.ts';
import { type EventNeeds, eventNeedsOf } from './event-needs.ts';
import { type Header, headerOf, uncheckedFields } from './header.ts';
import type { StoredDefinition } from './store.ts';
import { targetErrors } from './target.ts';

export interface CompiledDefinition {
  readonly version: number;
  readonly definition: Definition;
  readonly clauses: readonly Clause[];
  readonly eventNeeds: EventNeeds;
}

/** A stored definition that cannot be used, with what is known of it. */
export interface BrokenDefinition extends Header {
  readonly id: number;
  readonly version: number;
  readonly name: string;
  readonly error: TokenwrightError;
}

export type Compiled =
  | { readonly ok: true; readonly compiled: CompiledDefinition }
  | { readonly ok: false; readonly broken: BrokenDefinition };

/** The definitions that can be used, and those that cannot. */
export interface Partition {
  readonly definitions: readonly CompiledDefinition[];
  readonly broken: readonly BrokenDefinition[];
}

/** Separates usable and broken definitions; each list keeps the order. */
export function partition(all: readonly Compiled[]): Partition {
  const definitions: CompiledDefinition[] = [];
  const broken: BrokenDefinition[] = [];
  for (const one of all) {
    if (one.ok) definitions.push(one.compiled);
    else broken.push(one.broken);
  }
  return { definitions, broken };
}

/** Compiles a stored definition. Loads the regular-expression engine only if it is needed. */
export async function compileDefinition({ id, version, body }: StoredDefinition): Promise<Compiled> {
  const shape = check(Definition, body, 'bad_definition');
  if (!shape.ok) return { ok: false, broken: broken(id, version, body, shape.errors) };
  const definition = { ...shape.value, id, action: shape.value.action.trim().toLowerCase() };
  await prepareConditions(definition);
  const { clauses, errors: faults } = parseClauses(definition);
  const errors = [...faults, ...unusable(definition)];
  if (errors.length > 0) return { ok: false, broken: broken(id, version, body, errors) };
  return { ok: true, compiled: { version, definition, clauses, eventNeeds: eventNeedsOf(definition, clauses) } };
}

/** Returns the errors for which a definition must not act: an unknown action, or a wrong target. */
function unusable(definition: Definition): TokenwrightError[] {
  const { action } = definition;
  return [
    ...(ACTION_NAMES.includes(action)
      ? []
      : [new TokenwrightError('bad_definition', `there is no action "${action}"`, { path: 'action', given: action })]),
    ...targetErrors(definition),
  ];
}

/** Loads the regular-expression engine if conditions of a definition need it. */
export async function prepareConditions(definition: Pick<Definition, 'conditions' | 'unless'>): Promise<void> {
  const groups = [definition.conditions, definition.unless].flat();
  if (groups.some(usesRegularExpressions)) await loadRegularExpressions();
}

function broken(id: number, version: number, body: unknown, errors: readonly TokenwrightError[]): BrokenDefinition {
  const { name } = uncheckedFields(body);
  const error = new TokenwrightError('bad_definition', errors.map(describeError).join('; '));
  return { id, version, name: typeof name === 'string' ? name : '', ...headerOf(body), error };
}
