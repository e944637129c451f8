/**
 * Turns one auth event into a plan: for each serial a routing slip of the active definitions of that
 * event and position, in ordering, with every condition that can be known here already decided. What
 * cannot match costs no read.
 */
import { MAKING } from '../action/names.ts';
import type { FactName, Facts } from '../condition/condition.ts';
import type { Clause } from '../definition/clause.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { DefinitionIndex } from '../definition/definition-index.ts';
import type { Wants } from '../definition/wants.ts';
import type { User, UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import type { Outcome, Reason } from '../event/outcome.ts';
import { MAX_SLIP_BYTES, type Slip } from '../event/slip.ts';
import { stepId } from '../event/step-id.ts';
import { stepHash } from '../token/ledger.ts';
import { eventWords } from './event-words.ts';
import { completeFacts, type FactHints, type FactSources, neededBy } from './facts.ts';
import { isOut, type Judgement, judge } from './judge.ts';
import { brokenDefinitions, noToken, slipTooLarge, unevaluable } from './plan-outcomes.ts';
import { LEAVING } from './resolution.ts';
import { bulkRun, factsOfRun } from './runs.ts';
import { findTargets, type PlanSources, type Targets } from './targets.ts';
import { withoutToken } from './without-token.ts';

export interface Plan {
  readonly slips: readonly Slip[];
  /** What is decided already: no token, broken definitions, slips that are too large. */
  readonly outcomes: readonly Outcome[];
  /** Definitions on all tokens of a state: not one slip each, but a walk. */
  readonly runs: readonly BulkRun[];
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
  const { find, broken } = await index.ofEvent(event.position, event.name);
  const outcomes = brokenDefinitions(event, broken);
  const base = eventFacts(event, timezone);
  const claims = claimedFacts(base, event);
  const candidates = find(eventWords(event)).filter(
    ({ clauses }) => !isOut(clauses, base) && mayConcern(clauses, claims),
  );
  if (candidates.length === 0) return { slips: [], outcomes, runs: [] };

  const needsUser = event.serials.length === 0 || candidates.some(({ wants }) => wants.user);
  const user = event.user && needsUser ? await sources.directory.findUser(event.user) : undefined;
  const known = withUser(base, event, user, needsUser);
  const matching = candidates.filter(({ clauses }) => !isOut(clauses, known));
  if (matching.length === 0) return { slips: [], outcomes, runs: [] };
  const targets = await findTargets(event, known.user ?? null, matching, sources);

  const slips: Slip[] = [];
  const stepUser = needsUser && event.user ? (known.user ?? null) : undefined;
  const keep = (slip: Slip, steps: readonly OpenStep[]): void => {
    if (Buffer.byteLength(JSON.stringify(slip)) < MAX_SLIP_BYTES) slips.push(slip);
    else outcomes.push(...steps.map(({ candidate }) => slipTooLarge(event, candidate, slip.serial)));
  };
  for (const [serial, all] of targets.bySerial) {
    const concerned = all.filter((candidate) => !isMaker(candidate));
    const { steps, refused } = await openSteps(concerned, { ...known, serial }, event, sources);
    outcomes.push(...refused.map(({ candidate, reason }) => unevaluable(event, candidate, serial, reason)));
    if (steps.length === 0) continue;
    keep(toSlip(event, serial, steps, stepUser), steps);
  }
  const makers = matching.filter(isMaker);
  if (makers.length > 0) {
    const about = aboutOf(makers, targets);
    const { steps, refused } = await openMakers(makers, about, known, event, sources);
    outcomes.push(...refused.map(({ candidate, reason }) => unevaluable(event, candidate, null, reason)));
    if (steps.length > 0) keep({ ...toSlip(event, null, steps, stepUser), about: [...about] }, steps);
  }
  for (const candidate of targets.without) {
    if (isMaker(candidate)) continue;
    const judged = await judgeWithoutToken(candidate, known, event, sources);
    if (judged.verdict === 'open') outcomes.push(noToken(event, candidate));
    if (judged.verdict === 'unevaluable') outcomes.push(unevaluable(event, candidate, null, judged.reason));
  }
  const runs: BulkRun[] = [];
  for (const candidate of targets.bulk) {
    const facts = await factsOfRun(candidate, known, event, sources);
    const { steps, refused } = await openSteps([candidate], facts, event, sources);
    outcomes.push(...refused.map(({ reason }) => unevaluable(event, candidate, null, reason)));
    if (steps.length === 0) continue;
    const run = bulkRun(candidate, toSlip(event, null, steps, facts.user));
    if (Buffer.byteLength(JSON.stringify(run)) < MAX_SLIP_BYTES) runs.push(run);
    else outcomes.push(slipTooLarge(event, candidate, null));
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
  if (!user?.realm || !user.resolver || !user.uid) return [];
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

interface OpenStep {
  readonly candidate: CompiledDefinition;
  /** Indices of the clauses that only the step can decide. */
  readonly open: readonly number[];
}

interface OpenSteps {
  readonly steps: readonly OpenStep[];
  /** Definitions that will not act, since a clause cannot be evaluated. */
  readonly refused: readonly { readonly candidate: CompiledDefinition; readonly reason: Reason }[];
}

async function openSteps(
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
    facts = await completeFacts(facts, neededBy(candidate.clauses), hintsOf(event), sources, loadable);
    const judged = judge(candidate.clauses, facts);
    if (judged.verdict === 'unevaluable') refused.push({ candidate, reason: judged.reason });
    if (judged.verdict !== 'open') continue;
    steps.push({ candidate, open: judged.open });
    if (!LEAVING.has(candidate.definition.action)) continue;
    // Behind this step the user has fewer tokens: only the steps that follow can tell how many.
    leaves = true;
    facts = { ...facts, user_tokens: undefined };
  }
  return { steps, refused };
}

function isMaker({ definition }: CompiledDefinition): boolean {
  return MAKING.has(definition.action);
}

/** The tokens that the event is about, for the definitions that make one: they share a slip of their own. */
function aboutOf(makers: readonly CompiledDefinition[], { bySerial }: Targets): readonly string[] {
  return [...bySerial].flatMap(([serial, concerned]) =>
    makers.some((one) => concerned.includes(one)) ? [serial] : [],
  );
}

async function openMakers(
  makers: readonly CompiledDefinition[],
  about: readonly string[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenSteps> {
  const now = await counted(makers, about.length === 1 ? { ...known, serial: about[0] } : known, event, sources);
  const madeBy = (one: CompiledDefinition) => now.user_token_steps?.get(stepHash(makingStep(one, event)));
  const again = makers.filter((candidate) => madeBy(candidate) !== undefined);
  // Counted as at the first delivery: without what the event itself has made.
  const own = new Set(again.map(madeBy));
  const before = now.user_tokens?.filter(({ serial }) => !own.has(serial));
  const base = before ? { ...now, user_tokens: before } : now;
  const first = makers.filter((candidate) => !again.includes(candidate));
  const { steps, refused } =
    about.length > 0
      ? await openSteps(first, base, event, sources)
      : await openWithoutToken(first, base, event, sources);
  const all = [...steps, ...again.map((candidate) => ({ candidate, open: [] }))].map(withCounting);
  // In the order of the definitions.
  return { steps: all.sort((a, b) => makers.indexOf(a.candidate) - makers.indexOf(b.candidate)), refused };
}

/** With the user's tokens, where it counts how many there are. */
async function counted(
  makers: readonly CompiledDefinition[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Facts> {
  const counts = ({ needs }: Clause): boolean => needs.includes('user_tokens');
  const isCounting = makers.some(({ clauses }) => clauses.some(counts) && !isOut(clauses, base));
  return isCounting && base.user ? completeFacts(base, ['user_tokens'], hintsOf(event), sources) : base;
}

/** A redelivery is not counted against itself: where the token is there, the step only announces it again. */
function makingStep({ definition }: CompiledDefinition, { source, id, position }: AuthEvent): string {
  return stepId({ source, event: id, position, cause: { definition: definition.id }, serial: null });
}

async function openWithoutToken(
  makers: readonly CompiledDefinition[],
  known: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<OpenSteps> {
  const judged = await Promise.all(
    makers.map(async (candidate) => ({ candidate, judged: await judgeWithoutToken(candidate, known, event, sources) })),
  );
  return {
    steps: judged.flatMap(({ candidate, judged: { verdict } }) =>
      verdict === 'open' ? [{ candidate, open: [] }] : [],
    ),
    refused: judged.flatMap(({ candidate, judged: found }) =>
      found.verdict === 'unevaluable' ? [{ candidate, reason: found.reason }] : [],
    ),
  };
}

/** How many tokens a user has is counted again where one is made: here two events at once may both find none. */
function withCounting({ candidate, open }: OpenStep): OpenStep {
  const counting = candidate.clauses.flatMap(({ needs }, i) => (needs.includes('user_tokens') ? [i] : []));
  return { candidate, open: [...new Set([...open, ...counting])].sort((a, b) => a - b) };
}

const USER_FACTS: ReadonlySet<FactName> = new Set(['attributes', 'user_tokens', 'user_containers']);

async function judgeWithoutToken(
  { clauses }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Judgement> {
  const decided = clauses.filter(({ name }) => name !== TOKEN_LOCKED);
  if (isOut(decided, withoutToken(base))) return { verdict: 'out' };
  return judge(clauses, await factsWithoutToken(clauses, base, event, sources));
}

/** Whether a user has a locked token can be told without a single token: from all of them. */
const TOKEN_LOCKED = 'token_locked';

/** What is known where the event has no token for a definition with these clauses. */
export async function factsWithoutToken(
  clauses: readonly Clause[],
  base: Facts,
  event: AuthEvent,
  sources: FactSources,
): Promise<Facts> {
  const facts = await completeFacts(withoutToken(base), neededBy(clauses), hintsOf(event), sources);
  const locked = clauses.some(({ name }) => name === TOKEN_LOCKED) && facts.user;
  return locked ? completeFacts(facts, ['user_tokens'], hintsOf(event), sources) : facts;
}

/** Where the event says that challenges and containers are. */
export function hintsOf({ transaction_id, container_serial, challenge, container }: AuthEvent): FactHints {
  return { transaction_id, container_serial, challenge, container };
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
  const asked = (want: keyof Wants): boolean => open.some(({ candidate }) => candidate.wants[want]);
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
      ...(asked('container') ? { container_serial: event.container_serial } : {}),
      ...(stillNeeds('container') ? { container_serial: event.container_serial, container: event.container } : {}),
    },
    steps,
    at: 0,
  };
}
