/** The steps that a slip of these definitions may take: what can be decided before the token is decided here. */
import { detachesToken } from '../action/table.ts';
import type { FactName, Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Reason } from '../event/outcome.ts';
import { completeFacts, type FactSources, neededBy } from '../step/facts.ts';
import { isOut, judge } from '../step/judge.ts';

export interface OpenStep {
  readonly candidate: CompiledDefinition;
  /** Indices of the clauses that only the step can decide. */
  readonly open: readonly number[];
}

export interface OpenSteps {
  readonly steps: readonly OpenStep[];
  /** Definitions that will not act, since a clause cannot be evaluated. */
  readonly refused: readonly { readonly candidate: CompiledDefinition; readonly reason: Reason }[];
}

/** Facts that dispatch may load: everything that does not depend on the token. */
const BEFORE_THE_TOKEN: ReadonlySet<FactName> = new Set([
  'attributes',
  'user_tokens',
  'user_containers',
  'counter',
  'challenge',
]);

const USER_FACTS: ReadonlySet<FactName> = new Set(['attributes', 'user_tokens', 'user_containers']);

/** Decides what it can of each definition, in order. @throws whatever is transient in the reads it needs */
export async function openSteps(
  candidates: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenSteps> {
  let leaves = false;
  const loadable = (name: FactName): boolean =>
    (BEFORE_THE_TOKEN.has(name) &&
      (!USER_FACTS.has(name) || base.user !== undefined) &&
      (name !== 'user_tokens' || !leaves) &&
      (name !== 'challenge' || base.serial !== undefined)) ||
    (name === 'container' && event.container_serial !== null);
  const steps: OpenStep[] = [];
  const refused: { candidate: CompiledDefinition; reason: Reason }[] = [];
  let facts = base;
  for (const candidate of candidates) {
    if (isOut(candidate.clauses, facts)) continue;
    facts = await completeFacts(facts, neededBy(candidate.clauses), event, sources, loadable);
    const judged = judge(candidate.clauses, facts);
    if (judged.verdict === 'unevaluable') refused.push({ candidate, reason: judged.reason });
    if (judged.verdict !== 'open') continue;
    steps.push({ candidate, open: judged.open });
    if (!detachesToken(candidate.definition.action)) continue;
    // Behind this step the user has fewer tokens: only the steps that follow can tell how many.
    leaves = true;
    facts = { ...facts, user_tokens: undefined };
  }
  return { steps, refused };
}
