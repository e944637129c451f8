/**
 * Does a step that creates a token, exactly once: 1 consistent read and 1 conditional write of the token's item, under
 * the serial that `new-serial.ts` finds. The ledger of the token holds the step that created it.
 */

import type { CreationContext } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import { countsTokens } from '../condition/clause.ts';
import type { UserIdentity } from '../directory/user.ts';
import { done, failed, type Outcome, type Reason, type ResponseDetail, skipped } from '../event/outcome.ts';
import { stepHash } from '../token/ledger.ts';
import { type Changes, isLive, newRecord, type TokenRecord } from '../token/record.ts';
import { BORN } from '../token/stamp.ts';
import { type Evaluated, evaluateAll, NOTHING_EVALUATED } from './evaluate.ts';
import { findSerial, serialSource } from './new-serial.ts';
import { asApplied, recallCreation } from './redelivery.ts';
import { reserve } from './reserve.ts';
import { type CreationStep, type CreationTools, refuseFuture, type StepResult, toolsOf } from './step.ts';

const MAX_ATTEMPTS = 12;

/** Does a step that creates a token. @throws transient errors, also where another step holds the user's reservation */
export async function createToken(step: CreationStep, deps: CreationTools): Promise<StepResult> {
  const { subject, clauses } = step;
  const source = serialSource(step, step.action, step.options);
  let { verdicts } = NOTHING_EVALUATED;
  const result = (outcome: Outcome | null): StepResult => ({ outcome, verdicts, isRepeated: false });
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const { serial, created } = await findSerial(source, deps.tokens);
      if (created) return await repeat(step, created, deps);
      refuseByAge(step, deps);
      const evaluated = await evaluateTokens(step, deps);
      verdicts = evaluated.verdicts;
      const decision = evaluated.unmet ?? (await prepare(step, serial, evaluated.user, deps));
      if (decision === null) return result(null);
      if ('code' in decision) {
        // Another delivery may have created the token meanwhile, and this one may have counted it.
        const meanwhile = clauses.some(countsTokens) ? (await findSerial(source, deps.tokens)).created : undefined;
        return meanwhile ? await repeat(step, meanwhile, deps) : result(skipped(subject, decision));
      }
      if (await deps.tokens.create(decision.record)) {
        await settle(step, serial, deps);
        return result(doneWith(step, serial, decision.response));
      }
    }
  } catch (error) {
    if (error instanceof TokenwrightError) return result(failed(subject, error));
    throw error;
  }
  throw new Error('no serial was free');
}

/**
 * @throws TokenwrightError `too_old`: no ledger reaches back to the event; `bad_time`: the event is ahead of our clock
 */
function refuseByAge({ subject: { event } }: CreationStep, { now, limits }: CreationTools): void {
  refuseFuture(event.time, now());
  if (event.time > now() - limits.maxAge) return;
  throw new TokenwrightError('too_old', 'the event is older than a ledger reaches; its token may have come and gone');
}

/**
 * Evaluates the step's clauses on each token that the event is about: one token has to fulfil all of them.
 *
 * @returns the verdicts on the token that fulfils them, else on the first; the user for whom a token is created: the
 *   event's, else the owner of its one token
 */
async function evaluateTokens(
  step: CreationStep,
  deps: CreationTools,
): Promise<Evaluated & { readonly user: UserIdentity | null }> {
  const { about, clauses } = step;
  const isForOwner = step.user === undefined && about.length === 1;
  if (clauses.length === 0 && !isForOwner) return { ...NOTHING_EVALUATED, user: step.user ?? null };
  let first: Evaluated | undefined;
  for (const serial of about.length > 0 ? about : [null]) {
    const record = serial === null ? undefined : await deps.tokens.read(serial);
    const live = isLive(record) ? record : null;
    const user = isForOwner ? (live?.token.user ?? null) : (step.user ?? null);
    const evaluated = evaluateAll(clauses, await deps.loadFacts(clauses, live, user));
    if (evaluated.unmet === null) return { ...evaluated, user };
    first ??= evaluated;
  }
  return { ...(first ?? NOTHING_EVALUATED), user: null };
}

/**
 * Makes the record, and reserves the user's tokens where a clause counts them.
 *
 * @returns the record and the response; the reason why the token may not be created after all; or `null` if a later
 *   step of the slip has created its token already
 */
async function prepare(
  step: CreationStep,
  serial: string,
  user: UserIdentity | null,
  deps: CreationTools,
): Promise<{ readonly record: TokenRecord; readonly response: ResponseDetail } | Reason | null> {
  const { subject, action, options, clauses } = step;
  if (!options.ok) throw options.error;
  const { token, response } = await action.create(
    serial,
    options.value,
    contextOf(step, user, deps),
    toolsOf(step, deps),
  );
  if (await hasLaterStep(step, deps)) return null;
  const tooMany = user ? await reserve({ id: subject.id, clauses }, serial, user, deps) : null;
  return tooMany ?? { record: withCreation(newRecord(token), step), response };
}

async function hasLaterStep(step: CreationStep, { tokens }: CreationTools): Promise<boolean> {
  for (const later of await step.laterSteps()) {
    try {
      if ((await findSerial(later, tokens)).created) return true;
    } catch (error) {
      // No serial can be found for that step: its own delivery reports why.
      if (!(error instanceof TokenwrightError)) throw error;
    }
  }
  return false;
}

const CREATED: Changes = { created: [false, true] };

/** Adds the step to the record's ledger, and one stamp for all attributes. */
function withCreation(record: TokenRecord, { subject, stamp }: CreationStep): TokenRecord {
  const hash = stepHash(subject.id);
  return {
    ...record,
    ledger: [{ step: hash, time: stamp.time, definition: stamp.definition }],
    notes: [{ step: hash, changes: CREATED }],
    stamps: { [BORN]: stamp },
  };
}

/** Does what is left to do once the token exists. A refusal of that does not undo the token. */
async function settle(step: CreationStep, serial: string, deps: CreationTools): Promise<void> {
  const { action, options } = step;
  if (!options.ok) return;
  try {
    await action.settle?.(serial, options.value, contextOf(step, step.user ?? null, deps), toolsOf(step, deps));
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
  }
}

/** Announces again what an earlier delivery has created. */
async function repeat(delivered: CreationStep, record: TokenRecord, deps: CreationTools): Promise<StepResult> {
  const step = asApplied(delivered, record);
  const { serial } = record.token;
  if (record.deletedAt === null) await settle(step, serial, deps);
  const outcome = doneWith(step, serial, await recallCreation(step, record, deps));
  return { ...NOTHING_EVALUATED, outcome, isRepeated: true };
}

function contextOf(step: CreationStep, user: UserIdentity | null, { timezone }: CreationTools): CreationContext {
  const { subject, client_ip, user_agent, about, container_serial } = step;
  return { now: subject.event.time, timezone, client_ip, user_agent, user, about, container_serial };
}

function doneWith({ subject }: CreationStep, serial: string, response: ResponseDetail | null): Outcome {
  return done({ ...subject, serial }, CREATED, response);
}
