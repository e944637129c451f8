/**
 * A step that makes a token, exactly once. Its serial comes of the step's id, and the token's ledger holds the step: so
 * a redelivery finds the token that it has made, and a token of somebody else at that serial is passed over, to the
 * next serial that the id gives. 1 consistent read and 1 conditional write of the token's item.
 */

import type { AnyCreatingAction, CreationContext } from '../action/action.ts';
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
import { stepHash } from '../token/ledger.ts';
import { type Changes, isLive, newRecord, type TokenRecord } from '../token/record.ts';
import { BORN } from '../token/stamp.ts';
import type { TokenStore } from '../token/store.ts';
import { firstUnmet } from './evaluate.ts';
import { findSerial, type SerialSource, serialSource } from './new-serial.ts';
import { type ReservingTools, reserve } from './reserve.ts';
import { mayRepeat, occurredAt, refuseFuture, type Step, type StepTools, toolsOf } from './update-token.ts';

export interface CreationStep extends Omit<Step, 'subject' | 'action' | 'laterSteps'> {
  /** Without a serial. */
  readonly subject: OutcomeSubject;
  readonly action: AnyCreatingAction;
  /** The tokens that the event is about: conditions on a token look at them. */
  readonly about: readonly string[];
  readonly container_serial: string | null;
  /** The later steps of the same slip that make tokens: asked for only where this one would make its own. */
  laterSteps(): Promise<readonly SerialSource[]>;
}

export interface CreationTools extends Omit<StepTools, 'loadFacts' | 'tokens'>, ReservingTools {
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
export async function createToken(step: CreationStep, deps: CreationTools): Promise<Outcome | null> {
  const { subject, action, options } = step;
  const { id, event } = subject;
  const source = serialSource({ id, time: event.time, isFormer: step.isFormer === true }, action, options);
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const found = await findSerial(source, deps.tokens);
      if (found.created) return await announceAgain(step, found.created, deps);
      const decision = await decide(step, found.serial, deps);
      if (decision === null) return null;
      if ('code' in decision) {
        // Another delivery may have made it meanwhile: then it is this token that was counted.
        const { created } = step.clauses.some(countsTokens)
          ? await findSerial(source, deps.tokens)
          : { created: undefined };
        return created ? await announceAgain(step, created, deps) : skipped(subject, decision);
      }
      if (await deps.tokens.create(decision.record)) {
        await settle(step, found.serial, deps);
        return doneWith(step, found.serial, decision.response);
      }
    }
  } catch (error) {
    if (error instanceof TokenwrightError) return failed(subject, error);
    throw error;
  }
  throw new Error('no serial was free');
}

async function hasCreatedLater(step: CreationStep, deps: CreationTools): Promise<boolean> {
  for (const later of await step.laterSteps()) {
    try {
      if ((await findSerial(later, deps.tokens)).created) return true;
    } catch (error) {
      // It has no place at all: that is for its own delivery to tell.
      if (!(error instanceof TokenwrightError)) throw error;
    }
  }
  return false;
}

async function decide(
  step: CreationStep,
  serial: string,
  deps: CreationTools,
): Promise<Reason | { readonly record: TokenRecord; readonly response: ResponseDetail } | null> {
  const { subject, action, options } = step;
  const now = deps.now();
  refuseFuture(subject.event.time, now);
  if (subject.event.time <= now - deps.limits.maxAge) {
    throw new TokenwrightError('too_old', 'the event is older than a ledger reaches; its token may have come and gone');
  }
  const { unmet, user } = await findUnmet(step, deps);
  if (unmet) return unmet;
  if (!options.ok) throw options.error;
  const context = contextOf(step, user, deps);
  const { token, response } = await action.create(serial, options.value, context, toolsOf(step, deps));
  if (await hasCreatedLater(step, deps)) return null;
  const tooMany = user ? await reserve({ id: subject.id, clauses: step.clauses }, serial, user, deps) : null;
  return tooMany ?? { record: born(newRecord(token), step), response };
}

function contextOf(step: CreationStep, user: UserIdentity | null, { timezone }: CreationTools): CreationContext {
  const { client_ip, user_agent, about, container_serial } = step;
  return { now: step.subject.event.time, timezone, client_ip, user_agent, user, about, container_serial };
}

async function settle(step: CreationStep, serial: string, deps: CreationTools): Promise<void> {
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
function born(record: TokenRecord, { subject, stamp }: CreationStep): TokenRecord {
  const hash = stepHash(subject.id);
  return {
    ...record,
    ledger: [{ step: hash, time: stamp.time, definition: stamp.definition }],
    notes: [{ step: hash, changes: CREATED }],
    stamps: { [BORN]: stamp },
  };
}

/** Of several tokens one has to fulfil all conditions; the user is the event's, else the owner of its one token. */
async function findUnmet(
  step: CreationStep,
  deps: CreationTools,
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

async function announceAgain(delivered: CreationStep, record: TokenRecord, deps: CreationTools): Promise<Outcome> {
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

function doneWith({ subject }: CreationStep, serial: string, response: ResponseDetail | null): Outcome {
  return done({ ...subject, serial }, CREATED, response);
}
