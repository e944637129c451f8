/** Finds pairs of definitions that assign different values to the same attribute at the same event. */
import { assignmentsOf } from './assignments.ts';
import { type Constraint, canHoldTogether, constraintsOf } from './constraints.ts';
import type { Definition } from './definition.ts';

export interface Conflict {
  /** The one that acts first, by ordering, then id. */
  readonly first: Definition;
  /** The one whose value remains. */
  readonly second: Definition;
  readonly attributes: readonly string[];
  readonly event: string;
}

interface Candidate {
  readonly definition: Definition;
  readonly constraints: readonly Constraint[];
  readonly values: ReadonlyMap<string, string>;
}

/** Returns each pair once, with the first event that they share. */
export function conflictsOf(definitions: readonly Definition[]): Conflict[] {
  const groups = Map.groupBy(
    definitions
      .filter(({ active }) => active)
      .toSorted((a, b) => a.ordering - b.ordering || a.id - b.id)
      .map((definition) => ({
        definition,
        constraints: constraintsOf(definition),
        values: assignmentsOf(definition).values,
      }))
      .flatMap((candidate) => candidate.definition.event.map((event) => ({ event, candidate }))),
    ({ event, candidate }) => `${candidate.definition.position} ${event}`,
  );
  const conflicts = new Map<string, Conflict>();
  for (const group of groups.values()) {
    for (const [i, { candidate: first }] of group.entries()) {
      for (const { candidate: second, event } of group.slice(i + 1)) {
        const pair = `${first.definition.id} ${second.definition.id}`;
        if (conflicts.has(pair)) continue;
        const attributes = contested(first, second);
        if (attributes.length === 0 || !canHoldTogether(first.constraints, second.constraints)) continue;
        conflicts.set(pair, { first: first.definition, second: second.definition, attributes, event });
      }
    }
  }
  return [...conflicts.values()];
}

/** Returns the attributes to which both assign different values. */
function contested(first: Candidate, second: Candidate): string[] {
  return [...first.values].flatMap(([path, value]) => {
    const other = second.values.get(path);
    return other === undefined || other === value ? [] : [path];
  });
}
