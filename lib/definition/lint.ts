/**
 * Warns of definitions that are valid but probably not as intended: of single definitions, and of pairs that conflict.
 */
import { findCondition } from '../condition/catalogue.ts';
import { writtenConditions } from '../condition/clause.ts';
import type { ValueKind } from '../condition/condition.ts';
import { closest } from '../schema/closest.ts';
import { check } from '../schema/validate.ts';
import { assignmentsOf } from './assignments.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';
import { areCompatible, constraintsOf } from './constraints.ts';
import { Definition } from './definition.ts';
import { PRIVACYIDEA_EVENTS } from './event-names.ts';
import { type DefinitionWarning, warningsOf } from './warnings.ts';
import { weakSecrets } from './weak-secrets.ts';

/** A warning, and the definition that it is about. */
export interface DefinitionFinding extends DefinitionWarning {
  readonly id: number;
  readonly name: string;
}

type LintRule = (definition: Definition) => DefinitionWarning[];

const RULES: readonly LintRule[] = [
  unknownEvents,
  warningsOf,
  contradictions,
  onlyExcludes,
  spacesInLists,
  alwaysFails,
  noConditions,
  weakSecrets,
];

/**
 * Returns the warnings about some definitions.
 *
 * @param definitions the definitions to check
 * @param set the bodies of all definitions that would be applied, by id, these included
 */
export function lintDefinitions(
  definitions: readonly Definition[],
  set: ReadonlyMap<number, unknown>,
): DefinitionFinding[] {
  const checked = new Set(definitions.map(({ id }) => id));
  const all = [...set.values()].flatMap((body) => {
    const read = check(Definition, body, 'bad_definition');
    return read.ok ? [read.value] : [];
  });
  const conflicts = conflictsOf(all).filter(({ first, second }) => checked.has(first.id) || checked.has(second.id));
  return [
    ...definitions.flatMap((one) =>
      RULES.flatMap((rule) => rule(one)).map((warning) => ({ id: one.id, name: one.name, ...warning })),
    ),
    ...conflicts.map(describeConflict),
  ];
}

/** Warns of names that resemble one of privacyIDEA's: any other name may be a sender's own. */
function unknownEvents({ event }: Definition): DefinitionWarning[] {
  return event.flatMap((name) => {
    const meant = PRIVACYIDEA_EVENTS.includes(name) ? undefined : closest(name, PRIVACYIDEA_EVENTS);
    if (meant === undefined) return [];
    const message = `privacyIDEA has no event ${name}; did you mean ${meant}? If no sender uses that name, it never acts`;
    return [{ code: 'unknown_event', path: 'event', message }];
  });
}

/** Warns of conditions that can never hold together. */
function contradictions(definition: Definition): DefinitionWarning[] {
  const constraints = constraintsOf(definition);
  return constraints.flatMap((constraint, i) => {
    const against = constraints.slice(0, i).find((one) => !areCompatible(one, constraint));
    if (!against) return [];
    const message = `contradicts ${against.path}: the two never pass together, so the definition never acts`;
    return [{ code: 'never_acts', path: constraint.path, message }];
  });
}

/** Warns of a list that only excludes addresses: it holds for none. */
function onlyExcludes(definition: Definition): DefinitionWarning[] {
  const wanted = writtenValues(definition).filter(({ negated }) => !negated);
  return wanted.flatMap(({ name, path, text }) => {
    const entries = text.split(',').filter((entry) => entry.trim() !== '');
    if (kindOf(name) !== 'networks' || !entries.every((entry) => /^\s*[-!]/.test(entry))) return [];
    const message = 'only excludes, so it holds for no address; put 0.0.0.0/0 and ::/0 in front';
    return [{ code: 'never_acts', path, message }];
  });
}

/** Warns of spaces in lists, which are split at commas and not trimmed, as in privacyIDEA. */
function spacesInLists(definition: Definition): DefinitionWarning[] {
  return writtenValues(definition).flatMap(({ name, path, text }) => {
    const blank = kindOf(name) === 'names' ? text.split(',').find((entry) => entry !== entry.trim()) : undefined;
    if (blank === undefined) return [];
    const message = `spaces count: this names ${JSON.stringify(blank)}, not ${JSON.stringify(blank.trim())}`;
    return [{ code: 'blank_in_list', path, message }];
  });
}

/** Warns of options with which the action fails on every token. */
function alwaysFails(definition: Definition): DefinitionWarning[] {
  const { failure } = assignmentsOf(definition);
  if (!failure) return [];
  return [{ code: 'always_fails', path: 'options', message: `${failure.message}, so each of its steps fails` }];
}

/** Warns of a definition without conditions that deletes, or acts on many tokens. `unless` alone is no condition. */
function noConditions(definition: Definition): DefinitionWarning[] {
  const { action, target } = definition;
  if (writtenValues(definition).some(({ negated }) => !negated)) return [];
  if (target !== 'current') {
    const message = `acts on many tokens (${target}) at each of its events, and has no condition`;
    return [{ code: 'no_condition', path: 'target', message }];
  }
  if (action !== 'delete') return [];
  return [{ code: 'no_condition', path: 'action', message: 'deletes the token of each of its events: no condition' }];
}

function describeConflict({ first, second, attributes, event }: Conflict): DefinitionFinding {
  const what = `#${first.id} ${JSON.stringify(first.name)}`;
  const where = `at ${second.position} of ${event}`;
  const message = `assigns ${attributes.join(', ')} as ${what} does ${where}, and both can act; this one comes later and stays`;
  return { code: 'same_attribute', id: second.id, name: second.name, path: 'action', message };
}

function kindOf(condition: string): ValueKind | undefined {
  return findCondition(condition)?.kind;
}

/** Lists each value of each condition as a text. */
function writtenValues(definition: Definition) {
  return writtenConditions(definition).flatMap(({ name, wanted, path, negated }) =>
    [wanted].flat().map((value) => ({ name, path, negated, text: String(value) })),
  );
}
