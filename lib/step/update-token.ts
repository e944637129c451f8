/**
 * Does a step that changes a token, exactly once: 1 consistent read and 1 conditional write of the token's item.
 *
 * The step ends at the first of these that applies: done before, later step done before, refused by age, no longer in
 * the target's state, no such token, a condition, revoked, an error of the action, superseded. Expected outcomes are
 * values; what is thrown is transient, and the step is retried.
 */

import type { ActionContext } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import { done, failed, type Outcome, type OutcomeSubject, type Reason, skipped } from '../event/outcome.ts';
import { applyEffects } from '../token/apply.ts';
import { hasStep, stepHash } from '../token/ledger.ts';
import { isBelowWatermark, isLive, TOMBSTONE_AGE, type TokenRecord, viewToken, withStep } from '../token/record.ts';
import type { Stamp } from '../token/stamp.ts';
import { isInState, type TokenState } from '../token/state.ts';
import { changesBetween } from '../token/view.ts';
import { type Evaluated, evaluateAll, NOTHING_EVALUATED } from './evaluate.ts';
import { announceUpdate, asApplied, asFormerStep } from './redelivery.ts';
import { refuseFuture, type StepResult, toolsOf, type UpdateStep, type UpdateTools } from './step.ts';

const MAX_ATTEMPTS = 12;

/** Does a step that changes a token. @throws transient errors */
export async function updateToken(step: UpdateStep, deps: UpdateTools): Promise<StepResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const record = await deps.tokens.read(step.subject.serial);
    const { write, ...result } = await decide(step, record, deps);
    if (write === undefined || record === undefined) return result;
    const written = await replaceOrRefuse(record, write, deps);
    if (written instanceof TokenwrightError) return { ...result, outcome: failed(step.subject, written) };
    if (written) return { ...result, record: write };
    await deps.pause(attempt);
  }
  throw new Error(`the token ${step.subject.serial} was changed by others ${MAX_ATTEMPTS} times in a row`);
}

/** The result of a step on the token as it was read, and the record to write, if any. */
interface Decision extends StepResult {
  readonly write?: TokenRecord;
}

async function decide(given: UpdateStep, record: TokenRecord | undefined, deps: UpdateTools): Promise<Decision> {
  const step = record ? asFormerStep(given, record) : given;
  const { subject } = step;
  let { verdicts } = NOTHING_EVALUATED;
  const result = (outcome: Outcome): StepResult => ({ outcome, verdicts, isRepeated: false, record });
  if (record && hasStep(record.ledger, subject.id)) {
    const outcome = await announceUpdate(asApplied(step, record), record, deps);
    return { outcome, verdicts, isRepeated: true };
  }
  if (record && hasLaterStep(step, record)) return { outcome: null, verdicts, isRepeated: false };
  try {
    const evaluated = await evaluateStep(step, record, deps);
    verdicts = evaluated.verdicts;
    if (evaluated.unmet) return result(skipped(subject, evaluated.unmet));
    const { live } = evaluated;
    if (live.token.revoked && !step.action.onRevoked) {
      throw new TokenwrightError('token_revoked', `the token ${subject.serial} is revoked, which is final`);
    }
    const { outcome, write } = await change(step, live, deps);
    return write ? { ...result(outcome), write } : result(outcome);
  } catch (error) {
    if (error instanceof TokenwrightError) return result(failed(subject, error));
    throw error;
  }
}

function hasLaterStep({ laterSteps }: UpdateStep, record: TokenRecord): boolean {
  const later = new Set(laterSteps.map(stepHash));
  return record.ledger.some((entry) => later.has(entry.step));
}

/**
 * @throws TokenwrightError `too_old` if the ledger no longer reaches back to the event: the step may have been applied
 */
function refuseByAge({ time, definition }: Stamp, record: TokenRecord | undefined): void {
  if (record && isBelowWatermark(record, time, definition)) {
    const message = "the event is older than the token's ledger reaches; it may have been applied already";
    throw new TokenwrightError('too_old', message);
  }
}

type EvaluatedStep = Evaluated & ({ readonly unmet: Reason } | { readonly unmet: null; readonly live: TokenRecord });

/**
 * Decides whether a step ends before its action is asked. Call it if neither the step nor a later one is in the ledger.
 *
 * @throws TokenwrightError the step fails; any other error is transient
 */
export async function evaluateStep(
  { subject, stamp, state, clauses }: Pick<UpdateStep, 'stamp' | 'state' | 'clauses'> & { subject: OutcomeSubject },
  record: TokenRecord | undefined,
  { now, loadFacts }: Pick<UpdateTools, 'now' | 'loadFacts'>,
): Promise<EvaluatedStep> {
  refuseFuture(subject.event.time, now());
  refuseByAge(stamp, record);
  if (state !== undefined && !(record && isInState(record, state))) {
    return { verdicts: [], unmet: noLongerTargeted(state) };
  }
  if (!isLive(record)) {
    throw new TokenwrightError('unknown_token', `there is no token ${subject.serial}`, { given: subject.serial });
  }
  const { verdicts, unmet } =
    clauses.length === 0 ? NOTHING_EVALUATED : evaluateAll(clauses, await loadFacts(clauses, record));
  return unmet ? { verdicts, unmet } : { verdicts, unmet, live: record };
}

function noLongerTargeted(state: TokenState) {
  return { code: 'not_targeted' as const, message: `the token is no longer ${state}`, target: state };
}

/** Asks the action for its effects and applies them. */
async function change(
  step: UpdateStep,
  record: TokenRecord,
  deps: UpdateTools,
): Promise<{ readonly outcome: Outcome; readonly write?: TokenRecord }> {
  const { subject, action, options, stamp } = step;
  if (!options.ok) throw options.error;
  const prepared: unknown = await action.prepare?.(options.value, toolsOf(step, deps));
  const context: ActionContext = {
    now: subject.event.time,
    timezone: deps.timezone,
    client_ip: step.client_ip,
    user_agent: step.user_agent,
    user: step.user === undefined ? record.token.user : step.user,
  };
  const effects = action.change(viewToken(record), options.value, context, prepared);
  const applied = applyEffects(record, effects, stamp);
  if (applied.made === 0) {
    return { outcome: skipped(subject, { code: 'superseded', message: 'a younger event has set this already' }) };
  }
  const changes = changesBetween(record, applied.record);
  const write = withEntry(applied.record, step, changes, applied.delta, deps);
  return { outcome: done(subject, changes, action.respond?.(prepared) ?? {}), write };
}

/** Makes the record to write: the next version, with the step in its ledger, without old entries and stamps. */
function withEntry(
  record: TokenRecord,
  { subject, stamp }: UpdateStep,
  changes: ReturnType<typeof changesBetween>,
  delta: ReturnType<typeof applyEffects>['delta'],
  deps: UpdateTools,
): TokenRecord {
  const hash = stepHash(subject.id);
  const entry = { step: hash, time: stamp.time, definition: stamp.definition, ...(delta ? { delta } : {}) };
  return {
    ...withStep(record, entry, deps.now(), deps.limits),
    notes: [{ step: hash, changes }, ...record.notes],
    ...(record.deletedAt === null ? {} : { expiresAt: deps.now() + TOMBSTONE_AGE }),
  };
}

/**
 * Writes the record if the token is unchanged.
 *
 * @returns whether it was written, or the error of one that cannot be stored
 */
async function replaceOrRefuse(
  before: TokenRecord,
  after: TokenRecord,
  { tokens }: UpdateTools,
): Promise<boolean | TokenwrightError> {
  try {
    return await tokens.replace(before, after);
  } catch (error) {
    if (error instanceof TokenwrightError) return error;
    throw error;
  }
}
