/**
 * Plans the definitions whose action creates a token: once per event, however many tokens the event is about, in a slip
 * of their own. A redelivery plans what the first delivery did: no condition counts a token that the event has created
 * already, and its step only announces it again.
 */
import { createsToken, detachesToken } from '../action/table.ts';
import { countsTokens } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { eventKey, stepId } from '../event/step-id.ts';
import { parse } from '../schema/validate.ts';
import { evaluateWithoutToken, isRejected } from '../step/evaluate.ts';
import { completeFacts, type FactSources, ownerOf } from '../step/facts.ts';
import { stepHash } from '../token/ledger.ts';
import { type PlannedStep, type PlannedSteps, planSteps } from './planned-steps.ts';
import type { PlanSources, Targets } from './targets.ts';

/** Tells whether a definition's action creates a token. */
export function isCreating({ definition }: CompiledDefinition): boolean {
  return createsToken(definition.action);
}

/** Lists the tokens that the event is about for any of these definitions. @returns their serials */
export function serialsOfCreations(creating: readonly CompiledDefinition[], { bySerial }: Targets): readonly string[] {
  return [...bySerial].flatMap(([serial, concerned]) =>
    creating.some((one) => concerned.includes(one)) ? [serial] : [],
  );
}

/**
 * Finds the user for whom tokens are created if the event names none: the owner of its token. Where a step of the same
 * event takes that token from its owner, this is the owner that the first delivery found, because that step may be done
 * before this one.
 *
 * @param about the serials of `serialsOfCreations`
 * @returns `undefined`: the owner at the time of the step
 */
export async function ownerAtFirstDelivery(
  creating: readonly CompiledDefinition[],
  about: readonly string[],
  event: AuthEvent,
  { bySerial }: Targets,
  { tokens, firstDelivery }: PlanSources,
): Promise<UserIdentity | null | undefined> {
  const [serial] = about;
  if (serial === undefined || about.length > 1 || !creating.some(({ eventNeeds }) => eventNeeds.user)) return undefined;
  if (!bySerial.get(serial)?.some(({ definition }) => detachesToken(definition.action))) return undefined;
  const owner = await ownerOf(serial, tokens);
  const [kept] = await firstDelivery(event, owner ? [JSON.stringify(owner)] : [], 'owner');
  return kept === undefined ? null : parse(UserIdentity, JSON.parse(kept), 'bad_item');
}

/**
 * Plans the steps of definitions that create tokens, in the order of the definitions.
 *
 * @param about the serials of `serialsOfCreations`
 * @throws transient errors of its reads
 */
export async function planCreations(
  creating: readonly CompiledDefinition[],
  about: readonly string[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<PlannedSteps> {
  const now = await withCounts(creating, about.length === 1 ? { ...known, serial: about[0] } : known, event, sources);
  const createdBy = (one: CompiledDefinition) => now.user_token_steps?.get(stepHash(creationStepId(one, event)));
  const repeated = creating.filter((candidate) => createdBy(candidate) !== undefined);
  // Counts as the first delivery did: without the tokens that this event has created itself.
  const own = new Set(repeated.map(createdBy));
  const before = now.user_tokens?.filter(({ serial }) => !own.has(serial));
  const base = before ? { ...now, user_tokens: before } : now;
  const fresh = creating.filter((candidate) => !repeated.includes(candidate));
  const { steps, refused } =
    about.length > 0
      ? await planSteps(fresh, base, event, sources)
      : await planWithoutToken(fresh, base, event, sources);
  const all = [...steps, ...repeated.map((candidate) => ({ candidate, deferred: [] }))].map(countAgainInStep);
  return { steps: all.sort((a, b) => creating.indexOf(a.candidate) - creating.indexOf(b.candidate)), refused };
}

/** Adds the user's tokens to the facts, where a clause counts them. */
async function withCounts(
  creating: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Facts> {
  const isCounting = creating.some(({ clauses }) => clauses.some(countsTokens) && !isRejected(clauses, base));
  return isCounting && base.user ? completeFacts(base, [{ needs: ['user_tokens'] }], event, sources) : base;
}

/** Computes the id of the step that creates the definition's token, which the ledger of that token holds. */
function creationStepId({ definition }: CompiledDefinition, event: AuthEvent): string {
  return stepId(eventKey(event), { definition: definition.id }, null);
}

/** Plans the steps for an event that is about no token. @throws transient errors of its reads */
async function planWithoutToken(
  creating: readonly CompiledDefinition[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<PlannedSteps> {
  const evaluated = await Promise.all(
    creating.map(async (candidate) => ({
      candidate,
      evaluation: await evaluateWithoutToken(candidate, known, event, sources),
    })),
  );
  return {
    steps: evaluated.flatMap(({ candidate, evaluation: { verdict } }) =>
      verdict === 'accepted' ? [{ candidate, deferred: [] }] : [],
    ),
    refused: evaluated.flatMap(({ candidate, evaluation }) =>
      evaluation.verdict === 'unevaluable' ? [{ candidate, reason: evaluation.reason }] : [],
    ),
  };
}

/** Defers clauses that count tokens to the step as well: of two events at once, planning may find no token for both. */
function countAgainInStep({ candidate, deferred }: PlannedStep): PlannedStep {
  const counting = candidate.clauses.flatMap((clause, i) => (countsTokens(clause) ? [i] : []));
  return { candidate, deferred: [...new Set([...deferred, ...counting])].sort((a, b) => a - b) };
}
