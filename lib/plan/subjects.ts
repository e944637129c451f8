/**
 * The four kinds of subject that a definition may have: the event's tokens, a token that is made, no token, and all
 * tokens of a state. Each is a function of one signature: from what planning has found to what comes of each subject.
 */
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import type { Slip } from '../event/slip.ts';
import { judgeWithoutToken } from '../step/without-token.ts';
import { aboutOf, isMaker, openMakers, ownerBefore } from './makers.ts';
import { type OpenStep, type OpenSteps, openSteps } from './open-steps.ts';
import { noToken } from './plan-outcomes.ts';
import { bulkRun, factsOfRun } from './runs.ts';
import { slipOf } from './slip-of-event.ts';
import type { PlanSources, Targets } from './targets.ts';

/** What is known of an event before any of its tokens. */
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

/** What comes of one subject. */
export interface Planned {
  readonly serial: string | null;
  /** The steps that are left to do, and what carries them. */
  readonly steps: readonly OpenStep[];
  readonly carrier: { readonly slip: Slip } | { readonly run: BulkRun } | null;
  /** Definitions that will not act, and why. */
  readonly refused: OpenSteps['refused'];
}

export type PlanSubjects = (planning: Planning) => AsyncIterable<Planned>;

/** The tokens that the event names or its user has: a slip each. */
export const eventTokens: PlanSubjects = async function* ({ event, known, user, targets, sources }) {
  for (const [serial, all] of targets.bySerial) {
    const concerned = all.filter((candidate) => !isMaker(candidate));
    const { steps, refused } = await openSteps(concerned, { ...known, serial }, event, sources);
    yield { serial, steps, carrier: { slip: slipOf(event, serial, steps, user) }, refused };
  }
};

/** Tokens that are made: once an event, in a slip of their own. */
export const newTokens: PlanSubjects = async function* ({ event, known, user, matching, targets, sources }) {
  const makers = matching.filter(isMaker);
  if (makers.length === 0) return;
  const about = aboutOf(makers, targets);
  const { steps, refused } = await openMakers(makers, about, known, event, sources);
  const isOwners = event.user === null && steps.length > 0;
  const owner = isOwners ? await ownerBefore(makers, about, event, targets, sources) : user;
  const slip = { ...slipOf(event, null, steps, owner), about: [...about] };
  yield { serial: null, steps, carrier: { slip }, refused };
};

/** Definitions for which the event has no token: none of them acts. */
export const noTokens: PlanSubjects = async function* ({ event, known, targets, sources }) {
  for (const candidate of targets.without) {
    if (isMaker(candidate)) continue;
    const judged = await judgeWithoutToken(candidate, known, event, sources);
    if (judged.verdict === 'out') continue;
    const reason = judged.verdict === 'open' ? noToken(event, candidate, known.user === null) : judged.reason;
    yield { serial: null, steps: [], carrier: null, refused: [{ candidate, reason }] };
  }
};

/** All tokens of a state: not a slip each, but a run that walks them. */
export const tokensOfState: PlanSubjects = async function* ({ event, known, targets, sources }) {
  for (const candidate of targets.bulk) {
    const facts = await factsOfRun(candidate, known, event, sources);
    const { steps, refused } = await openSteps([candidate], facts, event, sources);
    const run = bulkRun(candidate, slipOf(event, null, steps, facts.user));
    yield { serial: null, steps, carrier: { run }, refused };
  }
};
