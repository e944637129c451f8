/**
 * The four kinds of subject that a definition may have: a token of the event, a token that is created, no token, and
 * all tokens of a state. Each kind is one function of the same signature, from what planning has found to its steps.
 */
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { stateOf } from '../definition/target.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import { type Slip, stepIdOf } from '../event/slip.ts';
import { evaluateWithoutToken } from '../step/evaluate.ts';
import { type FactSources, ownerOf } from '../step/facts.ts';
import { isCreating, ownerAtFirstDelivery, planCreations, serialsOfCreations } from './creations.ts';
import { noToken } from './plan-outcomes.ts';
import { type PlannedStep, type PlannedSteps, planSteps } from './planned-steps.ts';
import { slipOf } from './slip-of-event.ts';
import type { PlanSources, Targets } from './targets.ts';

/** The facts of an event that are known before any of its tokens is read. */
export interface Planning {
  readonly event: AuthEvent;
  readonly known: Facts;
  /** The user that slips carry; `undefined`: the token's owner. */
  readonly user: UserIdentity | null | undefined;
  /** The definitions that may act, in order. */
  readonly matching: readonly CompiledDefinition[];
  readonly targets: Targets;
  readonly sources: PlanSources;
}

/** The plan for one subject. */
export interface PlannedSubject {
  readonly serial: string | null;
  readonly steps: readonly PlannedStep[];
  /** What carries the steps; `null`: there are none. */
  readonly carrier: { readonly slip: Slip } | { readonly run: BulkRun } | null;
  /** Definitions that will not act, and why. */
  readonly refused: PlannedSteps['refused'];
}

export type PlanSubjects = (planning: Planning) => Promise<readonly PlannedSubject[]>;

/** Plans the tokens that the event names or that its user has: one slip each. */
export const eventTokens: PlanSubjects = async ({ event, known, user, targets, sources }) => {
  const planned: PlannedSubject[] = [];
  for (const [serial, all] of targets.bySerial) {
    const concerned = all.filter((candidate) => !isCreating(candidate));
    const { steps, refused } = await planSteps(concerned, { ...known, serial }, event, sources);
    planned.push({ serial, steps, carrier: { slip: slipOf(event, serial, steps, user) }, refused });
  }
  return planned;
};

/** Plans tokens that are created: once per event, in a slip of their own. */
export const newTokens: PlanSubjects = async ({ event, known, user, matching, targets, sources }) => {
  const creating = matching.filter(isCreating);
  if (creating.length === 0) return [];
  const about = serialsOfCreations(creating, targets);
  const { steps, refused } = await planCreations(creating, about, known, event, sources);
  const isForOwner = event.user === null && steps.length > 0;
  const owner = isForOwner ? await ownerAtFirstDelivery(creating, about, event, targets, sources) : user;
  const slip = { ...slipOf(event, null, steps, owner), about: [...about] };
  return [{ serial: null, steps, carrier: { slip }, refused }];
};

/** Plans the definitions for which the event has no token: none of them acts, and the outcome says why. */
export const noTokens: PlanSubjects = async ({ event, known, targets, sources }) => {
  const planned: PlannedSubject[] = [];
  for (const candidate of targets.without) {
    if (isCreating(candidate)) continue;
    const evaluation = await evaluateWithoutToken(candidate, known, event, sources);
    if (evaluation.verdict === 'rejected') continue;
    const isAccepted = evaluation.verdict === 'accepted';
    const reason = isAccepted ? noToken(event, candidate, known.user === null) : evaluation.reason;
    planned.push({ serial: null, steps: [], carrier: null, refused: [{ candidate, reason }] });
  }
  return planned;
};

/** Plans all tokens of a state: one bulk run for each definition. */
export const tokensOfState: PlanSubjects = async ({ event, known, targets, sources }) => {
  const planned: PlannedSubject[] = [];
  for (const candidate of targets.bulk) {
    const facts = await factsOfRun(candidate, known, event, sources);
    const { steps, refused } = await planSteps([candidate], facts, event, sources);
    const run = bulkRun(candidate, slipOf(event, null, steps, facts.user));
    planned.push({ serial: null, steps, carrier: { run }, refused });
  }
  return planned;
};

/**
 * Adds the event's user where the definition needs it. The user may be the owner of the event's one token: the run
 * does not read that token, so the owner is looked up here.
 */
async function factsOfRun(
  { eventNeeds }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  { tokens }: FactSources,
): Promise<Facts> {
  if (!eventNeeds.user || base.user !== undefined) return base;
  return { ...base, user: event.serials.length === 1 ? await ownerOf(event.serials[0], tokens) : null };
}

/** Makes the bulk run of a definition. @param slip of its one step, without a serial */
function bulkRun({ definition }: CompiledDefinition, slip: Slip): BulkRun {
  const { id, name } = definition;
  const target = stateOf(definition.target);
  if (target === null) throw new TypeError(`the target of definition ${id} is not a state of tokens`);
  return { id: stepIdOf(slip, id), definition: { id, name }, target, slip: { ...slip, state: target } };
}
