/**
 * One step, exactly once: 1 consistent read and 1 conditional write of the token's item. The order of
 * the verdicts is: done before, refused by age, token there, conditions, revoked, the action's
 * own errors, superseded. Expected outcomes are values; what is thrown is transient and will be retried.
 */

import type { ActionContext, ActionTools, ChangingAction } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Clause } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { UserIdentity } from '../directory/user.ts';
import { MAX_AHEAD } from '../event/arrival.ts';
import { done, failed, type Outcome, type OutcomeSubject, type ResponseDetail, skipped } from '../event/outcome.ts';
import { derivationId } from '../event/step-id.ts';
import { applyEffects } from '../token/apply.ts';
import { changesBetween } from '../token/changes.ts';
import { type LedgerLimits, stepHash } from '../token/ledger.ts';
import { isBelowFloor, isLive, TOMBSTONE_AGE, type TokenRecord, viewToken, withStep } from '../token/record.ts';
import { compareStamps, type Stamp } from '../token/stamp.ts';
import { isInState, type TokenState } from '../token/state.ts';
import type { TokenStore } from '../token/store.ts';
import { firstUnmet } from './first-unmet.ts';

export interface Step {
  readonly subject: OutcomeSubject & { readonly serial: string };
  readonly action: ChangingAction;
  /** Parsed options, or why they cannot be. */
  readonly options:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly error: TokenwrightError };
  /** Of a slip of the release before the key: its secrets are derived from the step's id alone. */
  readonly isFormer?: boolean;
  /** What the token must still be to be meant at all. */
  readonly state?: TokenState | undefined;
  /** The clauses that dispatch left open. */
  readonly clauses: readonly Clause[];
  readonly stamp: Stamp;
  /** The ids of the later steps of the same slip. */
  readonly laterSteps: readonly string[];
  /** `undefined`: the token's owner. */
  readonly user: UserIdentity | null | undefined;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
}

export interface StepTools {
  readonly tokens: Pick<TokenStore, 'read' | 'replace'>;
  readonly tools: Omit<ActionTools, 'stepId'>;
  /** Loads what the clauses need beside the token. */
  loadFacts(clauses: readonly Clause[], record: TokenRecord): Promise<Facts>;
  readonly timezone: string;
  /** The writer's clock, in milliseconds since 1970. */
  now(): number;
  readonly limits: LedgerLimits;
  /** Waits before the token is read again. */
  pause(attempt: number): Promise<void>;
  /** How long after the event a response is told again, in milliseconds; absent: as long as it is this step's doing. */
  readonly repeatFor?: number | undefined;
}

const MAX_ATTEMPTS = 12;

/**
 * Does a step.
 *
 * @returns the outcome; `null` where a later step of the slip is applied already, so that this one, which
 *   was not done, is not decided again
 * @throws whatever is transient
 */
export async function performStep(step: Step, deps: StepTools): Promise<Outcome | null> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const record = await deps.tokens.read(step.subject.serial);
    const decision = await decideStep(step, record, deps);
    if (!('write' in decision)) return decision.outcome;
    if (record === undefined) throw new TypeError('a step without a token has nothing to write');
    const written = await writeOrRefuse(record, decision.write, deps);
    if (written instanceof TokenwrightError) return failed(step.subject, written);
    if (written) return decision.outcome;
    await deps.pause(attempt);
  }
  throw new Error(`the token ${step.subject.serial} was changed by others ${MAX_ATTEMPTS} times in a row`);
}

/** What a step comes to on the token as it was read: an outcome, and the record to write, if any. */
export type Decision =
  | { readonly outcome: Outcome | null }
  | { readonly outcome: Outcome; readonly write: TokenRecord };

/** Decides a step without writing anything. */
async function decideStep(step: Step, record: TokenRecord | undefined, deps: StepTools): Promise<Decision> {
  const { subject } = step;
  const hash = stepHash(subject.id);
  const applied = record?.ledger.find((entry) => entry.step === hash);
  if (record && applied) return { outcome: await announceAgain(occurredAt(step, applied.time), record, deps) };
  if (record && hasLaterStep(step, record)) return { outcome: null };
  try {
    refuseFuture(subject.event.time, deps.now());
    refuseByAge(step, record);
    if (step.state !== undefined && !(record && isInState(record, step.state))) {
      return { outcome: skipped(subject, noLongerMeant(step.state)) };
    }
    if (!isLive(record)) {
      throw new TokenwrightError('unknown_token', `there is no token ${subject.serial}`, { given: subject.serial });
    }
    const unmet = await findUnmetCondition(step.clauses, record, deps);
    if (unmet) return { outcome: skipped(subject, unmet) };
    if (record.token.revoked && !step.action.onRevoked) {
      throw new TokenwrightError('token_revoked', `the token ${subject.serial} is revoked, which is final`);
    }
    return await change(step, record, deps);
  } catch (error) {
    if (error instanceof TokenwrightError) return { outcome: failed(subject, error) };
    throw error;
  }
}

function noLongerMeant(state: TokenState) {
  return { code: 'not_targeted' as const, message: `the token is no longer ${state}`, target: state };
}

async function change(step: Step, record: TokenRecord, deps: StepTools): Promise<Decision> {
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

/** The record as it is written: one version on, the step in its ledger, old entries and stamps gone. */
function withEntry(
  record: TokenRecord,
  step: Step,
  changes: ReturnType<typeof changesBetween>,
  delta: ReturnType<typeof applyEffects>['delta'],
  deps: StepTools,
): TokenRecord {
  const { subject, stamp } = step;
  const hash = stepHash(subject.id);
  const entry = { step: hash, time: stamp.time, definition: stamp.definition, ...(delta ? { delta } : {}) };
  return {
    ...withStep(record, entry, deps.now(), deps.limits),
    notes: [{ step: hash, changes }, ...record.notes],
    ...(record.deletedAt === null ? {} : { expiresAt: deps.now() + TOMBSTONE_AGE }),
  };
}

/** The step as it was applied: a sender that repeats an event without `occurred_at` gives it another time. */
export function occurredAt<S extends Pick<Step, 'stamp'> & { readonly subject: OutcomeSubject }>(
  step: S,
  time: number,
): S {
  const { subject, stamp } = step;
  return { ...step, subject: { ...subject, event: { ...subject.event, time } }, stamp: { ...stamp, time } };
}

/** A redelivery: the effect is there; the outcome is announced again, with the same id and content. */
async function announceAgain(step: Step, record: TokenRecord, deps: StepTools): Promise<Outcome> {
  const hash = stepHash(step.subject.id);
  const note = record.notes.find((one) => one.step === hash);
  const detail = await recallResponse(step, record, deps);
  return done(step.subject, note?.changes ?? null, detail);
}

/** `null` where the token's secret is no longer the one that this step made. */
async function recallResponse(step: Step, record: TokenRecord, deps: StepTools): Promise<ResponseDetail | null> {
  const { recall } = step.action;
  if (!recall) return {};
  if (!mayRepeat(step.subject.event.time, deps)) return null;
  const stamp = record.stamps[recall.path];
  if (!step.options.ok || !stamp || compareStamps(stamp, step.stamp) !== 0) return null;
  return recall.respond(step.options.value, toolsOf(step, deps));
}

/** Whether a response may be told again to whoever asks for it. */
export function mayRepeat(time: number, { repeatFor = Infinity, now }: Pick<StepTools, 'repeatFor' | 'now'>): boolean {
  return now() - time <= repeatFor;
}

/** The tools, with what the step's secrets are derived from. */
export function toolsOf(
  { subject, isFormer }: Pick<Step, 'isFormer'> & { readonly subject: OutcomeSubject },
  { tools }: Pick<StepTools, 'tools'>,
): ActionTools {
  return { ...tools, stepId: isFormer ? subject.id : derivationId(subject.id, subject.event.time) };
}

function hasLaterStep(step: Step, record: TokenRecord): boolean {
  const later = new Set(step.laterSteps.map(stepHash));
  return record.ledger.some((entry) => later.has(entry.step));
}

/** @throws TokenwrightError `bad_time` */
export function refuseFuture(time: number, now: number): void {
  if (time <= now + MAX_AHEAD) return;
  throw new TokenwrightError('bad_time', 'the event is more than five minutes ahead of our clock');
}

function refuseByAge(step: Step, record: TokenRecord | undefined): void {
  const { time, definition } = step.stamp;
  if (record && isBelowFloor(record, time, definition)) {
    throw new TokenwrightError(
      'too_old',
      "the event is older than the token's ledger reaches; it may have been applied already",
    );
  }
}

async function findUnmetCondition(clauses: readonly Clause[], record: TokenRecord, deps: StepTools) {
  if (clauses.length === 0) return null;
  return firstUnmet(clauses, await deps.loadFacts(clauses, record));
}

async function writeOrRefuse(
  before: TokenRecord,
  after: TokenRecord,
  deps: StepTools,
): Promise<boolean | TokenwrightError> {
  try {
    return await deps.tokens.replace(before, after);
  } catch (error) {
    if (error instanceof TokenwrightError) return error;
    throw error;
  }
}
