/** The list of all conditions, for parsing, dispatch, the command line and the reference pages. */
import { challengeConditions } from './challenge.ts';
import type { Condition } from './condition.ts';
import { containerConditions } from './container.ts';
import { counterConditions } from './counter.ts';
import { generalConditions } from './general.ts';
import { tokenConditions } from './token.ts';
import { tokenTimeConditions } from './token-time.ts';
import { userConditions } from './user.ts';

export const conditions: readonly Condition[] = [
  ...generalConditions,
  ...userConditions,
  ...tokenConditions,
  ...tokenTimeConditions,
  ...counterConditions,
  ...challengeConditions,
  ...containerConditions,
];

const byName: ReadonlyMap<string, Condition> = new Map(conditions.map((condition) => [condition.name, condition]));

/** Finds a condition by its exact name. */
export function findCondition(name: string): Condition | undefined {
  return byName.get(name);
}

/** Tells whether any of some conditions (name to value, or to a list of values) needs the regular-expression engine. */
export function usesRegularExpressions(definition: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(definition).some(([name, wanted]) => {
    const condition = findCondition(name);
    return [wanted].flat().some((value) => typeof value === 'string' && condition?.usesRegularExpression?.(value));
  });
}

/** Describes the conditions as data, for the command line, the HTTP API and the reference. */
export function describeConditions() {
  return conditions.map(({ name, group, description, syntax, allowed, needs }) => ({
    name,
    group,
    description,
    syntax,
    allowed: allowed ?? null,
    needs,
  }));
}
