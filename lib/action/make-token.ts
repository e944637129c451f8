/**
 * A step that makes a token, exactly once. Its serial comes of the step's id, and the token's ledger holds the step: so
 * a redelivery finds the token that it has made, and a token of somebody else at that serial is passed over, to the
 * next serial that the id gives. 1 consistent read and 1 conditional write of the token's item.
 */
import type { Facts } from '../condition/condition.ts';
import { type Clause, decideClause, unmetCondition } from '../definition/clause.ts';
import type { UserIdentity } from '../directory/user.ts';
import { TokenwrightError } from '../error.ts';
import { done, failed, type Outcome, type OutcomeSubject, type Reason, skipped } from '../event/outcome.ts';
import type { Reservation, Reservations } from '../reservation/store.ts';
import { stepHash } from '../token/ledger.ts';
import { type Changes, newRecord, type TokenRecord } from '../token/record.ts';
import { BORN } from '../token/stamp.ts';
import type { TokenStore } from '../token/store.ts';
import type { AnyMakingAction, MakingContext, ResponseDetail } from './action.ts';
import { occurredAt, refuseFuture, type Step, type StepTools } from './perform.ts';
import { serialOf } from './serial.ts';

export interface MakingStep extends Omit<Step, 'subject' | 'action' | 'laterSteps'> {
  /** Without a serial. */
  readonly subject: OutcomeSubject;
  readonly action: AnyMakingAction;
  /** The tokens that the event is about: conditions on a token look at them. */
  readonly about: readonly string[];
  readonly container_serial: string | null;
}

export interface MakingTools extends Omit<StepTools, 'loadFacts' | 'tokens'> {
  readonly tokens: Pick<TokenStore, 'read' | 'create'>;
  readonly reservations: Reservations;
  /** What the clauses need. @param about one of the tokens that the event is about; `null`: there is none */
  loadFacts(clauses: readonly Clause[], about: TokenRecord | null, user: UserIdentity | null): Promise<Facts>;
}

const MAX_ATTEMPTS = 12;
const CREATED: Changes = { created: [false, true] };

/** Does the step. @throws whatever is transient, also a user's reservation that another step holds */
export async function makeToken(step: MakingStep, deps: MakingTools): Promise<Outcome> {
  const { subject } = step;
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const place = await findPlace(step, deps);
      if (place.made) return await announceAgain(step, place.made, deps);
      const decision = await decide(step, place.serial, deps);
      if ('code' in decision) return skipped(subject, decision);
      if (await deps.tokens.create(decision.record)) {
        await settle(step, place.serial, deps);
        return doneWith(step, place.serial, decision.response);
      }
    }
  } catch (error) {
    if (error instanceof TokenwrightError) return failed(subject, error);
    throw error;
  }
  throw new Error('no serial was free');
}

interface Place {
  readonly serial: string;
  /** What this step has made there, before this delivery. */
  readonly made?: TokenRecord;
}

/** Where the token is, or may come. @throws TokenwrightError `token_exists` where the one serial that may be is taken */
async function findPlace(step: MakingStep, deps: MakingTools): Promise<Place> {
  const { subject, action, options } = step;
  const naming = options.ok ? action.naming(options.value) : { prefix: '' };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const serial = 'serial' in naming ? naming.serial : serialOf(naming.prefix, subject.id, attempt);
    const record = options.ok ? await deps.tokens.read(serial) : undefined;
    if (record?.ledger.some((entry) => entry.step === stepHash(subject.id))) return { serial, made: record };
    if (record && record.floor !== null && subject.event.time <= record.floor) {
      throw new TokenwrightError('too_old', 'the event is older than the ledger at its serial reaches');
    }
    if (record === undefined || isYounger(step, record)) return { serial };
    if ('serial' in naming) {
      const message = `there is a token ${serial} already, or one was deleted later than this event`;
      throw new TokenwrightError('token_exists', message, { given: serial });
    }
  }
  throw new Error(`the first ${MAX_ATTEMPTS} serials are taken`);
}

/** Over a tombstone a younger event may make a token. */
function isYounger({ subject }: MakingStep, { deletedAt }: TokenRecord): boolean {
  return deletedAt !== null && subject.event.time > deletedAt;
}

async function decide(
  step: MakingStep,
  serial: string,
  deps: MakingTools,
): Promise<Reason | { readonly record: TokenRecord; readonly response: ResponseDetail }> {
  const { subject, action, options } = step;
  const now = deps.now();
  refuseFuture(subject.event.time, now);
  if (subject.event.time <= now - deps.limits.maxAge) {
    throw new TokenwrightError('too_old', 'the event is older than a ledger reaches; its token may have come and gone');
  }
  const { unmet, user } = await judgeAll(step, deps);
  if (unmet) return unmet;
  if (!options.ok) throw options.error;
  const context = contextOf(step, user, deps);
  const { token, response } = await action.make(serial, options.value, context, toolsOf(step, deps));
  const tooMany = user ? await reserve(step, serial, user, deps) : null;
  return tooMany ?? { record: born(newRecord(token), step), response };
}

function contextOf(step: MakingStep, user: UserIdentity | null, { timezone }: MakingTools): MakingContext {
  const { client_ip, user_agent, about, container_serial } = step;
  return { now: step.subject.event.time, timezone, client_ip, user_agent, user, about, container_serial };
}

async function settle(step: MakingStep, serial: string, deps: MakingTools): Promise<void> {
  const { action, options } = step;
  if (!options.ok) return;
  try {
    await action.settle?.(serial, options.value, contextOf(step, step.user ?? null, deps), toolsOf(step, deps));
  } catch (error) {
    // The token is there, and its secret known to nobody yet: what cannot be done beside it does not undo it.
    if (!(error instanceof TokenwrightError)) throw error;
  }
}

/** With the step in its ledger; one stamp for the whole of it. */
function born(record: TokenRecord, { subject, stamp }: MakingStep): TokenRecord {
  const hash = stepHash(subject.id);
  return {
    ...record,
    ledger: [{ step: hash, time: subject.event.time }],
    notes: [{ step: hash, changes: CREATED }],
    stamps: { [BORN]: stamp },
  };
}

/** Of several tokens one has to fulfil all conditions; the user is the event's, else the owner of its one token. */
async function judgeAll(
  step: MakingStep,
  deps: MakingTools,
): Promise<{ readonly unmet: Reason | null; readonly user: UserIdentity | null }> {
  const { about, clauses } = step;
  const wantsOwner = step.user === undefined && about.length === 1;
  if (clauses.length === 0 && !wantsOwner) return { unmet: null, user: step.user ?? null };
  let first: Reason | null = null;
  for (const serial of about.length > 0 ? about : [null]) {
    const record = serial === null ? undefined : await deps.tokens.read(serial);
    const live = record && record.deletedAt === null ? record : null;
    const user = wantsOwner ? (live?.token.user ?? null) : (step.user ?? null);
    const unmet = firstUnmet(clauses, await deps.loadFacts(clauses, live, user));
    if (unmet === null) return { unmet, user };
    first ??= unmet;
  }
  return { unmet: first, user: null };
}

function firstUnmet(clauses: readonly Clause[], facts: Facts): Reason | null {
  for (const clause of clauses) {
    const verdict = decideClause(clause, facts);
    if (!verdict.passes) return unmetCondition(clause, verdict);
  }
  return null;
}

/** How often a step waits for another one of the same user within one invocation. */
const WAITS = 5;

/**
 * Counts the user's tokens once more, where a condition counts them, with nobody else of that user at work.
 *
 * @returns the condition that does not hold any more
 * @throws Error where another step holds the reservation and its token is not there yet: the delivery is repeated
 */
async function reserve(
  step: MakingStep,
  serial: string,
  user: UserIdentity,
  deps: MakingTools,
): Promise<Reason | null> {
  const counting = step.clauses.filter(({ needs }) => needs.includes('user_tokens'));
  if (counting.length === 0) return null;
  const wanted = { step: step.subject.id, serial, made: [] };
  const recount = (made: readonly string[]) => countAgain(counting, user, made, deps);
  let holder = await deps.reservations.take(user, wanted);
  for (let wait = 1; holder !== null && wait <= WAITS; wait += 1) {
    // Ours from an earlier delivery: what was made before it is known there.
    if (holder.step === wanted.step) return recount(holder.made);
    if (await hasMade(holder, deps)) {
      const made = [...holder.made, holder.serial];
      const unmet = await recount(made);
      if (unmet) return unmet;
      holder = await deps.reservations.take(user, { ...wanted, made }, holder);
      if (holder === null) return null;
    } else {
      await deps.pause(wait);
      holder = await deps.reservations.take(user, wanted);
    }
  }
  if (holder) throw new Error('another step makes a token for the same user just now');
  return recount([]);
}

async function hasMade({ step, serial }: Reservation, { tokens }: MakingTools): Promise<boolean> {
  const record = await tokens.read(serial);
  return record?.ledger.some((entry) => entry.step === stepHash(step)) ?? false;
}

/** With what was made a moment ago: the index of a user's tokens may not show it yet. */
async function countAgain(
  counting: readonly Clause[],
  user: UserIdentity,
  made: readonly string[],
  deps: MakingTools,
): Promise<Reason | null> {
  const facts = await deps.loadFacts(counting, null, user);
  const counted = [...(facts.user_tokens ?? [])];
  for (const serial of made) {
    const record = counted.some((token) => token.serial === serial) ? undefined : await deps.tokens.read(serial);
    const owner = record?.deletedAt === null ? record.token.user : null;
    if (record && owner?.resolver === user.resolver && owner.uid === user.uid) counted.push(record.token);
  }
  return firstUnmet(counting, { ...facts, user_tokens: counted });
}

async function announceAgain(delivered: MakingStep, record: TokenRecord, deps: MakingTools): Promise<Outcome> {
  const hash = stepHash(delivered.subject.id);
  const time = record.ledger.find((entry) => entry.step === hash)?.time ?? delivered.subject.event.time;
  const step = occurredAt(delivered, time);
  const { serial } = record.token;
  const isUnchanged = record.deletedAt === null && !record.stamps.pin && !record.stamps.otpkey;
  const { options, action } = step;
  if (record.deletedAt === null) await settle(step, serial, deps);
  const response = isUnchanged && options.ok ? await action.recall(serial, options.value, toolsOf(step, deps)) : null;
  return doneWith(step, serial, response);
}

function doneWith({ subject }: MakingStep, serial: string, response: ResponseDetail | null): Outcome {
  return done({ ...subject, serial }, CREATED, response);
}

function toolsOf({ subject }: MakingStep, { tools }: MakingTools) {
  return { ...tools, stepId: subject.id };
}
