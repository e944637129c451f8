/** Selects the definitions that become steps of a slip: evaluates every clause that does not need the token. */
import { detachesToken } from '../action/table.ts';
import type { FactName, Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Reason } from '../event/outcome.ts';
import { evaluate } from '../step/evaluate.ts';
import { completeFacts, type FactSources } from '../step/facts.ts';

export interface PlannedStep {
  readonly candidate: CompiledDefinition;
  /** Indices of the clauses that only the step can evaluate. */
  readonly deferred: readonly number[];
}

export interface PlannedSteps {
  readonly steps: readonly PlannedStep[];
  /** Definitions that will not act because a clause cannot be evaluated. */
  readonly refused: readonly { readonly candidate: CompiledDefinition; readonly reason: Reason }[];
}

/** Facts that planning may load: those that do not depend on the token. */
const BEFORE_THE_TOKEN: ReadonlySet<FactName> = new Set([
  'attributes',
  'user_tokens',
  'user_containers',
  'counter',
  'challenge',
]);

const USER_FACTS: ReadonlySet<FactName> = new Set(['attributes', 'user_tokens', 'user_containers']);

/** Plans the steps of the definitions, in their order. @throws transient errors of its reads */
export async function planSteps(
  candidates: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<PlannedSteps> {
  let isDetached = false;
  const loadable = (name: FactName): boolean =>
    (BEFORE_THE_TOKEN.has(name) &&
      (!USER_FACTS.has(name) || base.user !== undefined) &&
      (name !== 'user_tokens' || !isDetached) &&
      (name !== 'challenge' || base.serial !== undefined)) ||
    (name === 'container' && event.container_serial !== null);
  const steps: PlannedStep[] = [];
  const refused: { candidate: CompiledDefinition; reason: Reason }[] = [];
  let facts = base;
  for (const candidate of candidates) {
    const { clauses } = candidate;
    let evaluation = evaluate(clauses, facts);
    if (evaluation.verdict === 'rejected') continue;
    const complete = await completeFacts(facts, clauses, event, sources, loadable);
    if (complete !== facts) evaluation = evaluate(clauses, complete);
    facts = complete;
    if (evaluation.verdict === 'unevaluable') refused.push({ candidate, reason: evaluation.reason });
    if (evaluation.verdict !== 'accepted') continue;
    steps.push({ candidate, deferred: evaluation.deferred });
    if (!detachesToken(candidate.definition.action)) continue;
    // After this step the user has fewer tokens, so only the later steps can count them.
    isDetached = true;
    facts = { ...facts, user_tokens: undefined };
  }
  return { steps, refused };
}
