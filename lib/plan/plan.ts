/**
 * Turns one auth event into a plan: a routing slip for each serial, with the active definitions of that event and
 * position in their order. Every condition that can be evaluated without the token is evaluated here; a definition that
 * the event alone rejects costs no read.
 */

import type { Facts } from '../condition/condition.ts';
import type { DefinitionIndex } from '../definition/definition-index.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { isRejected } from '../step/evaluate.ts';
import { eventTerms } from './event-terms.ts';
import { brokenDefinitions, failedStep, skippedStep, tooLarge } from './plan-outcomes.ts';
import { eventTokens, newTokens, noTokens, type Planning, type PlanSubjects, tokensOfState } from './subjects.ts';
import { findTargets, type PlanSources } from './targets.ts';

export interface Plan {
  readonly slips: readonly Slip[];
  /** The outcomes of planning itself: no token, broken definitions, slips that are too large. */
  readonly outcomes: readonly Outcome[];
  /** Bulk runs: definitions on all tokens of a state. */
  readonly runs: readonly BulkRun[];
}

/**
 * Plans an event.
 *
 * @param index the applied definitions
 * @param sources what planning may read; what the first delivery found is stored through them
 * @param timezone the stack's IANA zone
 * @throws transient errors of its reads
 */
export async function planEvent(
  event: AuthEvent,
  index: DefinitionIndex,
  sources: PlanSources,
  timezone: string,
): Promise<Plan> {
  const { definitions, broken } = await index.find(event.position, event.name, eventTerms(event));
  const outcomes = brokenDefinitions(event, broken);
  const base = eventFacts(event, timezone);
  const possible = possibleFacts(base, event);
  const candidates = definitions.filter(({ clauses }) => possible.some((facts) => !isRejected(clauses, facts)));
  if (candidates.length === 0) return { slips: [], outcomes, runs: [] };

  const needsUser = event.serials.length === 0 || candidates.some(({ eventNeeds }) => eventNeeds.user);
  const user = event.user && needsUser ? await sources.directory.findUser(event.user) : undefined;
  const known = withUser(base, event, user, needsUser);
  const matching = candidates.filter(({ clauses }) => !isRejected(clauses, known));
  if (matching.length === 0) return { slips: [], outcomes, runs: [] };
  const targets = await findTargets(event, known.user ?? null, matching, sources);
  const stepUser = needsUser && event.user ? (known.user ?? null) : undefined;
  return collect({ event, known, user: stepUser, matching, targets, sources }, outcomes);
}

const SUBJECTS: readonly PlanSubjects[] = [eventTokens, newTokens, noTokens, tokensOfState];

/** Collects the plan of each subject. @param outcomes those of broken definitions */
async function collect(planning: Planning, outcomes: Outcome[]): Promise<Plan> {
  const { event } = planning;
  const slips: Slip[] = [];
  const runs: BulkRun[] = [];
  for (const subjects of SUBJECTS) {
    for (const { serial, steps, carrier, refused } of await subjects(planning)) {
      outcomes.push(...refused.map(({ candidate, reason }) => skippedStep(event, candidate, serial, reason)));
      if (carrier === null || steps.length === 0) continue;
      const error = event.ahead ?? tooLarge('slip' in carrier ? carrier.slip : carrier.run);
      if (error) outcomes.push(...steps.map(({ candidate }) => failedStep(event, candidate, serial, error)));
      else if ('slip' in carrier) slips.push(carrier.slip);
      else runs.push(carrier.run);
    }
  }
  return { slips, outcomes, runs };
}

/** Reads the facts that the event itself contains. */
export function eventFacts(event: AuthEvent, timezone: string): Facts {
  const { client_ip, logged_in_user, response } = event;
  return {
    now: event.occurredAt,
    timezone,
    event: { client_ip, logged_in_user, response },
    ...(event.counters === null ? {} : { counter: event.counters }),
    ...(event.serials.length === 0 && event.user === null ? { user: null } : {}),
  };
}

/**
 * Lists the facts that a look-up can lead to. A complete user is that user, or none, if the directory does not have the
 * user: a definition that both reject costs no look-up.
 */
function possibleFacts(base: Facts, { user }: AuthEvent): readonly Facts[] {
  if (!user?.realm || user.realm !== user.realm.toLowerCase() || !user.resolver || !user.uid) return [base];
  const named = { login: user.login ?? '', realm: user.realm, resolver: user.resolver, uid: user.uid };
  return [
    { ...base, user: named },
    { ...base, user: null },
  ];
}

/**
 * Adds the user of the event as the directory has it.
 *
 * @param lookedUp false: the user was not needed, and stays unknown
 */
export function withUser(base: Facts, event: AuthEvent, user: User | null | undefined, lookedUp: boolean): Facts {
  if (!event.user || !lookedUp) return base;
  return { ...base, user: user ? identityOf(user) : null, attributes: user ?? null };
}

function identityOf({ login, realm, resolver, uid }: UserIdentity): UserIdentity {
  return { login, realm, resolver, uid };
}
