/**
 * Turns one auth event into a plan: for each serial a routing slip of the active definitions of that
 * event and position, in ordering, with every condition that can be known here already decided. What
 * cannot match costs no read.
 */
import type { FactName, Facts } from '../condition/condition.ts';
import { type Clause, decideClause, isDecidable } from '../definition/clause.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { DefinitionIndex } from '../definition/library.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import { TokenwrightError } from '../error.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { failed, type Outcome, type OutcomeSubject, skipped } from '../event/outcome.ts';
import { MAX_SLIP_BYTES, type Slip } from '../event/slip.ts';
import { stepId } from '../event/step-id.ts';
import { completeFacts, type FactHints, type FactSources } from './facts.ts';
import { LEAVING, type RememberSerials } from './resolution.ts';
import { type Wants, wantsOf } from './wants.ts';

export interface Plan {
  readonly slips: readonly Slip[];
  /** What is decided already: no token, broken definitions, slips that are too large. */
  readonly outcomes: readonly Outcome[];
}

export interface PlanSources extends FactSources {
  readonly rememberSerials: RememberSerials;
}

/** Facts that dispatch may load: everything that does not depend on the token. */
const BEFORE_THE_TOKEN: ReadonlySet<FactName> = new Set([
  'attributes',
  'user_tokens',
  'user_containers',
  'counter',
  'challenge',
]);

/** Plans an event. @throws whatever is transient in the reads it needs */
export async function planEvent(
  event: AuthEvent,
  index: DefinitionIndex,
  sources: PlanSources,
  timezone: string,
): Promise<Plan> {
  const outcomes = brokenOutcomes(event, index);
  const base = eventFacts(event, timezone);
  const candidates = index
    .matching(event.position, event.name)
    .filter(({ clauses }) => passes(clauses, base) && mayConcern(clauses, base, event));
  if (candidates.length === 0) return { slips: [], outcomes };

  const wants = new Map(candidates.map((candidate) => [candidate, wantsOf(candidate)]));
  const needsUser = event.serials.length === 0 || candidates.some((candidate) => wants.get(candidate)?.user);
  const user = event.user && needsUser ? await sources.directory.findUser(event.user) : undefined;
  const known = withUser(base, event, user, needsUser);
  const targets = await findTargets(event, known.user ?? null, candidates, sources);

  const slips: Slip[] = [];
  for (const [serial, concerned] of targets.bySerial) {
    const steps = await openSteps(concerned, { ...known, serial }, event, sources);
    if (steps.length === 0) continue;
    const slip = toSlip(event, serial, steps, wants, needsUser && event.user ? (known.user ?? null) : undefined);
    if (Buffer.byteLength(JSON.stringify(slip)) < MAX_SLIP_BYTES) slips.push(slip);
    else outcomes.push(...steps.map(({ candidate }) => tooLarge(subjectOf(event, candidate, serial))));
  }
  for (const candidate of targets.without) {
    if (await holdsWithoutToken(candidate, known, event, sources)) {
      const reason = { code: 'no_token', message: 'the event is about no token, or about several of its user' };
      outcomes.push(skipped(subjectOf(event, candidate, null), reason));
    }
  }
  return { slips, outcomes };
}

function eventFacts(event: AuthEvent, timezone: string): Facts {
  const { client_ip, logged_in_user, response } = event;
  return {
    now: event.occurredAt,
    timezone,
    event: { client_ip, logged_in_user, response },
    ...(event.counters === null ? {} : { counter: event.counters }),
    ...(event.serials.length === 0 && event.user === null ? { user: null } : {}),
  };
}

/** Whether no clause that can be decided fails. */
function passes(clauses: readonly Clause[], facts: Facts): boolean {
  return clauses.every((clause) => !isDecidable(clause, facts) || decideClause(clause, facts).passes);
}

/**
 * An event that names its user completely needs no look-up to fail: whether the directory knows that
 * user or not, conditions on realm and resolver come out the same.
 */
function mayConcern(clauses: readonly Clause[], facts: Facts, { user }: AuthEvent): boolean {
  if (!user?.realm || !user.resolver || !user.uid) return true;
  const claimed = { login: user.login ?? '', realm: user.realm, resolver: user.resolver, uid: user.uid };
  return clauses
    .filter((clause) => clause.needs.every((need) => need === 'user' || need === 'event'))
    .every((clause) => [claimed, null].some((one) => decideClause(clause, { ...facts, user: one }).passes));
}

function withUser(base: Facts, event: AuthEvent, user: User | null | undefined, lookedUp: boolean): Facts {
  if (!event.user || !lookedUp) return base;
  return { ...base, user: user ? identityOf(user) : null, attributes: user ?? null };
}

function identityOf({ login, realm, resolver, uid }: UserIdentity): UserIdentity {
  return { login, realm, resolver, uid };
}

interface Targets {
  readonly bySerial: ReadonlyMap<string, readonly CompiledDefinition[]>;
  /** Definitions for which the event has no token. */
  readonly without: readonly CompiledDefinition[];
}

async function findTargets(
  event: AuthEvent,
  user: UserIdentity | null,
  candidates: readonly CompiledDefinition[],
  sources: PlanSources,
): Promise<Targets> {
  const named = [...event.serials];
  const wholeUser = candidates.some(({ definition }) => definition.target === 'user');
  const owned =
    user && (named.length === 0 || wholeUser) ? await findOwned(event, user, candidates, wholeUser, sources) : [];
  const current = named.length > 0 ? named : owned.length === 1 ? owned : [];
  const bySerial = new Map<string, CompiledDefinition[]>();
  const without: CompiledDefinition[] = [];
  for (const candidate of candidates) {
    const serials = candidate.definition.target === 'user' ? owned : current;
    if (serials.length === 0) without.push(candidate);
    for (const serial of serials) bySerial.set(serial, [...(bySerial.get(serial) ?? []), candidate]);
  }
  return { bySerial, without };
}

async function findOwned(
  event: AuthEvent,
  user: UserIdentity,
  candidates: readonly CompiledDefinition[],
  all: boolean,
  { tokens, rememberSerials }: PlanSources,
): Promise<readonly string[]> {
  const owned: string[] = [];
  for await (const serial of tokens.serialsOf(user)) {
    owned.push(serial);
    if (owned.length > 1 && !all) break;
  }
  const leaves = candidates.some(({ definition }) => LEAVING.has(definition.action));
  return leaves ? rememberSerials(event, owned) : owned;
}

interface OpenStep {
  readonly candidate: CompiledDefinition;
  /** Indices of the clauses that only the step can decide. */
  readonly open: number[];
}

async function openSteps(
  candidates: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenStep[]> {
  const loadable = (name: FactName): boolean =>
    (BEFORE_THE_TOKEN.has(name) && (!USER_FACTS.has(name) || base.user !== undefined)) ||
    (name === 'container' && event.container_serial !== null);
  const steps: OpenStep[] = [];
  let facts = base;
  for (const candidate of candidates) {
    if (!passes(candidate.clauses, facts)) continue;
    facts = await completeFacts(facts, candidate.clauses, hintsOf(event), sources, loadable);
    if (!passes(candidate.clauses, facts)) continue;
    const open = candidate.clauses.flatMap((clause, i) => (isDecidable(clause, facts) ? [] : [i]));
    steps.push({ candidate, open });
  }
  return steps;
}

const USER_FACTS: ReadonlySet<FactName> = new Set(['attributes', 'user_tokens', 'user_containers']);

async function holdsWithoutToken(
  { clauses }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<boolean> {
  const none: Facts = { ...base, serial: null, token: null, owner: null, realms: {}, user: base.user ?? null };
  if (!passes(clauses, none)) return false;
  const facts = await completeFacts(none, clauses, hintsOf(event), sources);
  // Whether a user has a locked token can be told without a single token: from all of them.
  const locked = clauses.some(({ name }) => name === 'token_locked') && facts.user;
  const all = locked ? await completeFacts(facts, [USER_TOKENS], hintsOf(event), sources) : facts;
  return passes(clauses, all);
}

const USER_TOKENS: Clause = {
  name: '',
  wanted: null,
  needs: ['user_tokens'],
  tests: [],
  negated: false,
  missingHolds: true,
};

function hintsOf({ transaction_id, container_serial, challenge, container }: AuthEvent): FactHints {
  return { transaction_id, container_serial, challenge, container };
}

function toSlip(
  event: AuthEvent,
  serial: string,
  open: readonly OpenStep[],
  wants: ReadonlyMap<CompiledDefinition, Wants>,
  user: UserIdentity | null | undefined,
): Slip {
  const steps = open.map(({ candidate, open }) => ({
    definition: candidate.definition.id,
    version: candidate.version,
    action: candidate.definition.action,
    open,
  }));
  const asked = (want: keyof Wants): boolean => open.some(({ candidate }) => wants.get(candidate)?.[want]);
  const stillNeeds = (name: FactName): boolean =>
    open.some(({ candidate, open }) => open.some((i) => candidate.clauses[i]?.needs.includes(name)));
  return {
    action: steps[0]?.action ?? '',
    event: { id: event.id, name: event.name, source: event.source, position: event.position, time: event.occurredAt },
    serial,
    ...(user === undefined ? {} : { user }),
    facts: {
      ...(asked('client_ip') ? { client_ip: event.client_ip } : {}),
      ...(asked('user_agent') ? { user_agent: event.user_agent } : {}),
      ...(stillNeeds('challenge') ? { transaction_id: event.transaction_id, challenge: event.challenge } : {}),
      ...(stillNeeds('container') ? { container_serial: event.container_serial, container: event.container } : {}),
    },
    steps,
    at: 0,
  };
}

function subjectOf(event: AuthEvent, { definition }: CompiledDefinition, serial: string | null): OutcomeSubject {
  const { source, id, position, name, occurredAt } = event;
  return {
    id: stepId({ source, event: id, position, cause: { definition: definition.id }, serial }),
    event: { id, name, time: occurredAt },
    definition: { id: definition.id, name: definition.name },
    action: definition.action,
    serial,
  };
}

function tooLarge(subject: OutcomeSubject): Outcome {
  const message = `what this event needs on its way is over ${MAX_SLIP_BYTES} bytes`;
  return failed(subject, new TokenwrightError('slip_too_large', message, { allowed: `${MAX_SLIP_BYTES} bytes` }));
}

function brokenOutcomes(event: AuthEvent, index: DefinitionIndex): Outcome[] {
  return index.broken
    .filter(({ events }) => events.includes(event.name))
    .map(({ id, name, error }) => {
      const { source, id: eventId, position, occurredAt } = event;
      const subject = {
        id: stepId({ source, event: eventId, position, cause: { definition: id }, serial: null }),
        event: { id: eventId, name: event.name, time: occurredAt },
        definition: { id, name },
        action: null,
        serial: null,
      };
      return failed(subject, error);
    });
}
