/**
 * Evaluates the clauses of a definition on the facts known so far. Planning rejects a definition early, or leaves
 * clauses to the step; the step evaluates what is left, on the token.
 */

import { type Clause, type ClauseVerdict, decideClause, unmetCondition } from '../condition/clause.ts';
import { allKnown, type Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Reason } from '../event/outcome.ts';
import { completeFacts, type FactHints, type FactSources, withoutToken } from './facts.ts';

export type Evaluation =
  /** A clause does not pass: nothing is announced. */
  | { readonly verdict: 'rejected' }
  /** Every clause that can be decided passes. `deferred`: the indices of the others. */
  | { readonly verdict: 'accepted'; readonly deferred: readonly number[] }
  /** A clause cannot be evaluated, and no other one rejects: the outcome says which. */
  | { readonly verdict: 'unevaluable'; readonly reason: Reason };

const REJECTED: Evaluation = { verdict: 'rejected' };

/** Evaluates all clauses. One that does not pass outweighs one that cannot be evaluated, whatever their order. */
export function evaluate(clauses: readonly Clause[], facts: Facts): Evaluation {
  const deferred: number[] = [];
  let reason: Reason | undefined;
  for (const clause of clauses) {
    if (!allKnown(clause, facts)) {
      deferred.push(clauses.indexOf(clause));
      continue;
    }
    const verdict = decideClause(clause, facts);
    if (verdict.passes) continue;
    if (!verdict.failed) return REJECTED;
    reason ??= unmetCondition(clause, verdict);
  }
  return reason ? { verdict: 'unevaluable', reason } : { verdict: 'accepted', deferred };
}

/** Tells whether a clause that can be decided does not pass. */
export function isRejected(clauses: readonly Clause[], facts: Facts): boolean {
  return evaluate(clauses, facts) === REJECTED;
}

/** Evaluates a definition for an event that has no token. @throws transient errors of its reads */
export async function evaluateWithoutToken(
  { clauses }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Evaluation> {
  const decidable = clauses.filter(({ name }) => name !== TOKEN_LOCKED);
  if (isRejected(decidable, withoutToken(base))) return REJECTED;
  return evaluate(clauses, await factsWithoutToken(clauses, base, event, sources));
}

/** The condition that needs all tokens of the user if the event has none: it asks whether one of them is locked. */
const TOKEN_LOCKED = 'token_locked';
const ALL_TOKENS = { needs: ['user_tokens'] } as const;

/** Loads what clauses need if the event has no token. */
export async function factsWithoutToken(
  clauses: readonly Clause[],
  base: Facts,
  hints: FactHints,
  sources: FactSources,
): Promise<Facts> {
  const facts = withoutToken(base);
  const asksAllTokens = facts.user && clauses.some(({ name }) => name === TOKEN_LOCKED);
  return completeFacts(facts, asksAllTokens ? [...clauses, ALL_TOKENS] : clauses, hints, sources);
}

/** The verdict on each clause, in their order, and the reason of the first that does not pass. */
export interface Evaluated {
  readonly verdicts: readonly ClauseVerdict[];
  /** `null`: all pass. */
  readonly unmet: Reason | null;
}

export const NOTHING_EVALUATED: Evaluated = { verdicts: [], unmet: null };

/**
 * Evaluates all clauses on facts that are complete: those that were deferred to a step, and those that explain shows.
 */
export function evaluateAll(clauses: readonly Clause[], facts: Facts): Evaluated {
  let unmet: Reason | null = null;
  const verdicts = clauses.map((clause) => {
    const verdict = decideClause(clause, facts);
    if (!verdict.passes) unmet ??= unmetCondition(clause, verdict);
    return verdict;
  });
  return { verdicts, unmet };
}
