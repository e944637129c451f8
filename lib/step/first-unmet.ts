/** The verdict on the clauses of a step: all have to pass, and the first that does not is told. */

import { type Clause, decideClause, unmetCondition } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { Reason } from '../event/outcome.ts';

/** @returns `null`: all pass */
export function firstUnmet(clauses: readonly Clause[], facts: Facts): Reason | null {
  for (const clause of clauses) {
    const verdict = decideClause(clause, facts);
    if (!verdict.passes) return unmetCondition(clause, verdict);
  }
  return null;
}
