/**
 * Turns one auth event into a plan: for each serial a routing slip of the active definitions of that
 * event and position, in ordering, with every condition that can be known here already decided. What
 * cannot match costs no read.
 */

import type { Clause } from '../condition/clause.ts';
import type { FactName, Facts } from '../condition/condition.ts';
import type { DefinitionIndex } from '../definition/definition-index.ts';
import type { EventNeeds } from '../definition/event-needs.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import type { Outcome } from '../event/outcome.ts';
import type { Slip } from '../event/slip.ts';
import { eventKey } from '../event/step-id.ts';
import { isOut } from '../step/judge.ts';
import { judgeWithoutToken } from '../step/without-token.ts';
import { eventTerms } from './event-terms.ts';
import { aboutOf, isMaker, openMakers, ownerBefore } from './makers.ts';
import { type OpenStep, openSteps } from './open-steps.ts';
import { brokenDefinitions, noToken, refused, tooLarge, unevaluable } from './plan-outcomes.ts';
import { bulkRun, factsOfRun } from './runs.ts';
import { findTargets, type PlanSources } from './targets.ts';

export interface Plan {
  readonly slips: readonly Slip[];
  /** What is decided already: no token, broken definitions, slips that are too large. */
  readonly outcomes: readonly Outcome[];
  /** Definitions on all tokens of a state: not one slip each, but a walk. */
  readonly runs: readonly BulkRun[];
}

/** Plans an event. @throws whatever is transient in the reads it needs */
export async function planEvent(
  event: AuthEvent,
  index: DefinitionIndex,
  sources: PlanSources,
  timezone: string,
): Promise<Plan> {
  const { definitions, broken } = await index.find(event.position, event.name, eventTerms(event));
  const outcomes = brokenDefinitions(event, broken);
  const base = eventFacts(event, timezone);
  const claims = claimedFacts(base, event);
  const candidates = definitions.filter(({ clauses }) => !isOut(clauses, base) && mayConcern(clauses, claims));
  if (candidates.length === 0) return { slips: [], outcomes, runs: [] };

  const needsUser = event.serials.length === 0 || candidates.some(({ eventNeeds }) => eventNeeds.user);
  const user = event.user && needsUser ? await sources.directory.findUser(event.user) : undefined;
  const known = withUser(base, event, user, needsUser);
  const matching = candidates.filter(({ clauses }) => !isOut(clauses, known));
  if (matching.length === 0) return { slips: [], outcomes, runs: [] };
  const targets = await findTargets(event, known.user ?? null, matching, sources);

  const slips: Slip[] = [];
  const stepUser = needsUser && event.user ? (known.user ?? null) : undefined;
  const keep = (slip: Slip, steps: readonly OpenStep[]): void => {
    const error = event.ahead ?? tooLarge(slip);
    if (error) outcomes.push(...steps.map(({ candidate }) => refused(event, candidate, slip.serial, error)));
    else slips.push(slip);
  };
  for (const [serial, all] of targets.bySerial) {
    const concerned = all.filter((candidate) => !isMaker(candidate));
    const { steps, refused: unsure } = await openSteps(concerned, { ...known, serial }, event, sources);
    outcomes.push(...unsure.map(({ candidate, reason }) => unevaluable(event, candidate, serial, reason)));
    if (steps.length === 0) continue;
    keep(toSlip(event, serial, steps, stepUser), steps);
  }
  const makers = matching.filter(isMaker);
  if (makers.length > 0) {
    const about = aboutOf(makers, targets);
    const { steps, refused: unsure } = await openMakers(makers, about, known, event, sources);
    outcomes.push(...unsure.map(({ candidate, reason }) => unevaluable(event, candidate, null, reason)));
    if (steps.length > 0) {
      const user = event.user ? stepUser : await ownerBefore(makers, about, event, targets, sources);
      keep({ ...toSlip(event, null, steps, user), about: [...about] }, steps);
    }
  }
  for (const candidate of targets.without) {
    if (isMaker(candidate)) continue;
    const judged = await judgeWithoutToken(candidate, known, event, sources);
    if (judged.verdict === 'open') outcomes.push(noToken(event, candidate, known.user === null));
    if (judged.verdict === 'unevaluable') outcomes.push(unevaluable(event, candidate, null, judged.reason));
  }
  const runs: BulkRun[] = [];
  for (const candidate of targets.bulk) {
    const facts = await factsOfRun(candidate, known, event, sources);
    const { steps, refused: unsure } = await openSteps([candidate], facts, event, sources);
    outcomes.push(...unsure.map(({ reason }) => unevaluable(event, candidate, null, reason)));
    if (steps.length === 0) continue;
    const run = bulkRun(candidate, toSlip(event, null, steps, facts.user));
    const error = event.ahead ?? tooLarge(run);
    if (error) outcomes.push(refused(event, candidate, null, error));
    else runs.push(run);
  }
  return { slips, outcomes, runs };
}

/** What the event itself tells. */
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
 * An event that names its user completely needs no look-up to fail: it is about the user that it claims, or, where
 * the directory does not know that one, about nobody.
 */
function claimedFacts(base: Facts, { user }: AuthEvent): readonly Facts[] {
  if (!user?.realm || user.realm !== user.realm.toLowerCase() || !user.resolver || !user.uid) return [];
  const claimed = { login: user.login ?? '', realm: user.realm, resolver: user.resolver, uid: user.uid };
  return [
    { ...base, user: claimed },
    { ...base, user: null },
  ];
}

/** Whether each clause on the user alone passes for one of those that the event may be about. */
function mayConcern(clauses: readonly Clause[], claims: readonly Facts[]): boolean {
  if (claims.length === 0) return true;
  return clauses.every((clause) => !clause.needs.includes('user') || claims.some((facts) => !isOut([clause], facts)));
}

/** With the user of the event, as the directory has it. */
export function withUser(base: Facts, event: AuthEvent, user: User | null | undefined, lookedUp: boolean): Facts {
  if (!event.user || !lookedUp) return base;
  return { ...base, user: user ? identityOf(user) : null, attributes: user ?? null };
}

function identityOf({ login, realm, resolver, uid }: UserIdentity): UserIdentity {
  return { login, realm, resolver, uid };
}

function toSlip(
  event: AuthEvent,
  serial: string | null,
  open: readonly OpenStep[],
  user: UserIdentity | null | undefined,
): Slip {
  const steps = open.map(({ candidate, open }) => ({
    definition: candidate.definition.id,
    version: candidate.version,
    action: candidate.definition.action,
    open: [...open],
  }));
  const asked = (want: keyof EventNeeds): boolean => open.some(({ candidate }) => candidate.eventNeeds[want]);
  const stillNeeds = (name: FactName): boolean =>
    open.some(({ candidate, open }) => open.some((i) => candidate.clauses[i]?.needs.includes(name)));
  return {
    action: steps[0]?.action ?? '',
    event: {
      key: eventKey(event),
      id: event.id,
      name: event.name,
      source: event.source,
      position: event.position,
      time: event.occurredAt,
    },
    serial,
    ...(user === undefined ? {} : { user }),
    facts: {
      ...(asked('client_ip') ? { client_ip: event.client_ip } : {}),
      ...(asked('user_agent') ? { user_agent: event.user_agent } : {}),
      ...(stillNeeds('challenge') ? { transaction_id: event.transaction_id, challenge: event.challenge } : {}),
      ...(asked('container') ? { container_serial: event.container_serial } : {}),
      ...(stillNeeds('container') ? { container_serial: event.container_serial, container: event.container } : {}),
    },
    steps,
    at: 0,
  };
}
