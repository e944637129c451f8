/**
 * A step that makes a token, exactly once. Its serial comes of the step's id, and the token's ledger holds the step: so
 * a redelivery finds the token that it has made, and a token of somebody else at that serial is passed over, to the
 * next serial that the id gives. 1 consistent read and 1 conditional write of the token's item.
 */

import type { AnyMakingAction, MakingContext } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import { countsTokens } from '../condition/clause.ts';
import type { UserIdentity } from '../directory/user.ts';
import {
  done,
  failed,
  type Outcome,
  type OutcomeSubject,
  type Reason,
  type ResponseDetail,
  skipped,
} from '../event/outcome.ts';
import { derivationId } from '../event/step-id.ts';
import { hasStep, stepHash } from '../token/ledger.ts';
import { type Changes, isLive, newRecord, type TokenRecord } from '../token/record.ts';
import { BORN } from '../token/stamp.ts';
import type { TokenStore } from '../token/store.ts';
import { firstUnmet } from './first-unmet.ts';
import { type ReservingTools, reserve } from './reserve.ts';
import { serialOf } from './serial.ts';
import { mayRepeat, occurredAt, refuseFuture, type Step, type StepTools, toolsOf } from './update-token.ts';

export interface MakingStep extends Omit<Step, 'subject' | 'action' | 'laterSteps'> {
  /** Without a serial. */
  readonly subject: OutcomeSubject;
  readonly action: AnyMakingAction;
  /** The tokens that the event is about: conditions on a token look at them. */
  readonly about: readonly string[];
  readonly container_serial: string | null;
  /** The later steps of the same slip that make tokens: asked for only where this one would make its own. */
  laterSteps(): Promise<readonly Making[]>;
}

/** A step that makes a token, as far as it takes to find that token. */
export interface Making {
  readonly id: string;
  /** When its event occurred, in milliseconds since 1970. */
  readonly time: number;
  readonly isFormer: boolean;
  /** `null`: its options cannot be read, so that it never makes one. */
  readonly naming: ReturnType<AnyMakingAction['naming']> | null;
}

/** @param options as the step's definition has them */
export function makingOf(
  step: Omit<Making, 'naming'>,
  action: Pick<AnyMakingAction, 'naming'>,
  options: Step['options'],
): Making {
  return { ...step, naming: options.ok ? action.naming(options.value) : null };
}

export interface MakingTools extends Omit<StepTools, 'loadFacts' | 'tokens'>, ReservingTools {
  readonly tokens: Pick<TokenStore, 'read' | 'create'>;
}

const MAX_ATTEMPTS = 12;
const CREATED: Changes = { created: [false, true] };

/**
 * Does the step.
 *
 * @returns the outcome; `null` where a later step of the slip has made its token already, so that this one, which was
 *   not done, is not decided again
 * @throws whatever is transient, also a user's reservation that another step holds
 */
export async function makeToken(step: MakingStep, deps: MakingTools): Promise<Outcome | null> {
  const { subject, action, options } = step;
  const { id, event } = subject;
  const making = makingOf({ id, time: event.time, isFormer: step.isFormer === true }, action, options);
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const place = await findPlace(making, deps);
      if (place.made) return await announceAgain(step, place.made, deps);
      const decision = await decide(step, place.serial, deps);
      if (decision === null) return null;
      if ('code' in decision) {
        // Another delivery may have made it meanwhile: then it is this token that was counted.
        const { made } = step.clauses.some(countsTokens) ? await findPlace(making, deps) : { made: undefined };
        return made ? await announceAgain(step, made, deps) : skipped(subject, decision);
      }
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

/** A caller who repeats an event without a time of its own gives it another one, which may be of the next week. */
const REPEATED_WITHIN = 86_400_000;

/** Where the token is, or may come. @throws TokenwrightError `token_exists` where the one serial that may be is taken */
async function findPlace({ id, time, isFormer, naming }: Making, deps: Pick<MakingTools, 'tokens'>): Promise<Place> {
  if (naming === null) return { serial: '' };
  if ('serial' in naming) {
    const place = await lookAt(naming.serial, id, time, deps);
    if (place) return place;
    const message = `there is a token ${naming.serial} already, or one was deleted later than this event`;
    throw new TokenwrightError('token_exists', message, { given: naming.serial });
  }
  if (isFormer) return findSerial(naming.prefix, id, id, time, deps);
  const [present, before] = [time, time - REPEATED_WITHIN].map((at) => derivationId(id, at));
  if (before !== undefined && before !== present) {
    const earlier = await findSerial(naming.prefix, before, id, time, deps);
    if (earlier.made) return earlier;
  }
  return findSerial(naming.prefix, present ?? id, id, time, deps);
}

/** @param derivation what the serials come of */
async function findSerial(
  prefix: string,
  derivation: string,
  id: string,
  time: number,
  deps: Pick<MakingTools, 'tokens'>,
): Promise<Place> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const place = await lookAt(serialOf(prefix, derivation, attempt), id, time, deps);
    if (place) return place;
  }
  throw new Error(`the first ${MAX_ATTEMPTS} serials are taken`);
}

/** `null`: a token of somebody else is there. */
async function lookAt(
  serial: string,
  id: string,
  time: number,
  { tokens }: Pick<MakingTools, 'tokens'>,
): Promise<Place | null> {
  const record = await tokens.read(serial);
  if (record && hasStep(record.ledger, id)) return { serial, made: record };
  if (record && record.lowWatermark !== null && time <= record.lowWatermark) {
    throw new TokenwrightError('too_old', 'the event is older than the ledger at its serial reaches');
  }
  // Over a tombstone a younger event may make a token.
  const isFree = record === undefined || (record.deletedAt !== null && time > record.deletedAt);
  return isFree ? { serial } : null;
}

async function hasMadeLater(step: MakingStep, deps: MakingTools): Promise<boolean> {
  for (const later of await step.laterSteps()) {
    try {
      if ((await findPlace(later, deps)).made) return true;
    } catch (error) {
      // It has no place at all: that is for its own delivery to tell.
      if (!(error instanceof TokenwrightError)) throw error;
    }
  }
  return false;
}

async function decide(
  step: MakingStep,
  serial: string,
  deps: MakingTools,
): Promise<Reason | { readonly record: TokenRecord; readonly response: ResponseDetail } | null> {
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
  if (await hasMadeLater(step, deps)) return null;
  const tooMany = user ? await reserve({ id: subject.id, clauses: step.clauses }, serial, user, deps) : null;
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
    ledger: [{ step: hash, time: stamp.time, definition: stamp.definition }],
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
    const live = isLive(record) ? record : null;
    const user = wantsOwner ? (live?.token.user ?? null) : (step.user ?? null);
    const unmet = firstUnmet(clauses, await deps.loadFacts(clauses, live, user));
    if (unmet === null) return { unmet, user };
    first ??= unmet;
  }
  return { unmet: first, user: null };
}

async function announceAgain(delivered: MakingStep, record: TokenRecord, deps: MakingTools): Promise<Outcome> {
  const hash = stepHash(delivered.subject.id);
  const time = record.ledger.find((entry) => entry.step === hash)?.time ?? delivered.subject.event.time;
  const step = occurredAt(delivered, time);
  const { serial } = record.token;
  const isUnchanged = mayRepeat(time, deps) && record.deletedAt === null && !record.stamps.pin && !record.stamps.otpkey;
  const { options, action } = step;
  if (record.deletedAt === null) await settle(step, serial, deps);
  const response = isUnchanged && options.ok ? await action.recall(serial, options.value, toolsOf(step, deps)) : null;
  return doneWith(step, serial, response);
}

function doneWith({ subject }: MakingStep, serial: string, response: ResponseDetail | null): Outcome {
  return done({ ...subject, serial }, CREATED, response);
}
