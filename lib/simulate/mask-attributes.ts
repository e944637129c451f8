/**
 * Masks attributes of users, tokens and containers in an explanation of definitions that are not applied: a caller who
 * sends such definitions sees only the values of attributes that applied definitions name.
 */

import { findCondition } from '../condition/catalogue.ts';
import type { Clause } from '../condition/clause.ts';
import { splitComparison } from '../condition/comparator.ts';
import { normaliseConditionValue } from '../condition/value.ts';
import type { DefinitionSet } from '../definition/definition-cache.ts';
import { MASK } from '../schema/secret-names.ts';
import type { ExplainedStep, Explanation } from './explanation.ts';

/** Masks what conditions saw of attributes that no applied definition names. */
export function maskAttributes(explanation: Explanation, applied: DefinitionSet): Explanation {
  const named = new Set(applied.definitions.flatMap(({ clauses }) => clauses.flatMap(attributesOf)));
  const isShown = (name: string, wanted: unknown) => attributesOf({ name, wanted }).every((one) => named.has(one));
  const mask = (step: ExplainedStep): ExplainedStep => ({
    ...step,
    reason:
      step.reason?.condition === undefined || isShown(String(step.reason.condition), step.reason.wanted)
        ? step.reason
        : { ...step.reason, saw: masked(step.reason.saw) },
    conditions: step.conditions.map((one) =>
      isShown(one.condition, one.wanted) ? one : { ...one, saw: masked(one.saw) },
    ),
  });
  const definitions = explanation.definitions.map((one) => ({ ...one, steps: one.steps.map(mask) }));
  return { ...explanation, definitions };
}

/** An absent value is not masked. */
const masked = (saw: unknown): unknown => (saw == null ? saw : MASK);

/** The attributes that a condition compares, such as `user_info mobile`; none of other conditions. */
function attributesOf({ name, wanted }: Pick<Clause, 'name' | 'wanted'>): string[] {
  if (findCondition(name)?.kind !== 'comparison') return [];
  return [wanted].flat().map((value) => `${name} ${splitComparison(normaliseConditionValue(value)).key}`);
}
