/**
 * What the facts known so far make of a definition's clauses: it is out, it may still act, or it never will because
 * a clause cannot be evaluated, which its outcome has to say.
 */

import { type Clause, decideClause, isDecidable, unmetCondition } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { Reason } from '../event/outcome.ts';

export type Judgement =
  | { readonly verdict: 'out' }
  /** `open`: the indices of the clauses that these facts cannot decide. */
  | { readonly verdict: 'open'; readonly open: readonly number[] }
  | { readonly verdict: 'unevaluable'; readonly reason: Reason };

const OUT: Judgement = { verdict: 'out' };

/** A clause that plainly does not pass weighs more than one that cannot be evaluated, wherever it stands. */
export function judge(clauses: readonly Clause[], facts: Facts): Judgement {
  const open: number[] = [];
  let reason: Reason | undefined;
  for (const [i, clause] of clauses.entries()) {
    if (!isDecidable(clause, facts)) {
      open.push(i);
      continue;
    }
    const verdict = decideClause(clause, facts);
    if (verdict.passes) continue;
    if (!verdict.failed) return OUT;
    reason ??= unmetCondition(clause, verdict);
  }
  return reason ? { verdict: 'unevaluable', reason } : { verdict: 'open', open };
}

/** Whether a clause that can be decided plainly does not pass. */
export function isOut(clauses: readonly Clause[], facts: Facts): boolean {
  return judge(clauses, facts) === OUT;
}
