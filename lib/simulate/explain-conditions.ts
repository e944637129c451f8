/** Each condition of a definition with what it wanted, what it saw and how it came out: the decisions that count. */

import { type Clause, type ClauseVerdict, decideClause, unmetCondition } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { Reason } from '../event/outcome.ts';
import type { ExplainedCondition } from './explanation.ts';

/** All of them, and the reason that the first one gives which keeps the definition from acting. */
export function explainClauses(
  clauses: readonly Clause[],
  facts: Facts,
): { readonly conditions: ExplainedCondition[]; readonly reason: Reason | null } {
  const decided = clauses.map((clause) => ({ clause, verdict: decideClause(clause, facts) }));
  const unmet = decided.find(({ verdict }) => !verdict.passes);
  return {
    conditions: decided.map(({ clause, verdict }) => explained(clause, verdict)),
    reason: unmet ? unmetCondition(unmet.clause, unmet.verdict) : null,
  };
}

function explained({ name, negated, wanted }: Clause, verdict: ClauseVerdict): ExplainedCondition {
  const { passes, saw } = verdict;
  return { condition: name, unless: negated, wanted, saw: saw ?? null, verdict: wordFor(verdict, negated), passes };
}

function wordFor({ passes, known, failed }: ClauseVerdict, negated: boolean): ExplainedCondition['verdict'] {
  if (failed) return 'cannot_be_evaluated';
  if (!known) return 'not_known';
  return passes !== negated ? 'holds' : 'does_not_hold';
}
