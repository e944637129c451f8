/** The types of steps that change or create a token: their input, tools and results. */
import type { ActionTools, AnyCreatingAction, ChangingAction } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Clause, ClauseVerdict } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { UserIdentity } from '../directory/user.ts';
import { MAX_AHEAD } from '../event/arrival.ts';
import type { Outcome, OutcomeSubject } from '../event/outcome.ts';
import { derivationId } from '../event/step-id.ts';
import type { LedgerLimits } from '../token/ledger.ts';
import type { TokenRecord } from '../token/record.ts';
import type { Stamp } from '../token/stamp.ts';
import type { TokenState } from '../token/state.ts';
import type { TokenStore } from '../token/store.ts';
import type { SerialSource } from './new-serial.ts';
import type { Reservations } from './reservation-store.ts';
import type { StepOptions } from './step-options.ts';

interface StepInput {
  readonly subject: OutcomeSubject;
  readonly options: StepOptions;
  /** The slip is of a release without event keys: secrets are derived from the step's id alone. */
  readonly isFormer?: boolean;
  /** The clauses that planning deferred to the step. */
  readonly clauses: readonly Clause[];
  readonly stamp: Stamp;
  /** `undefined`: the token's owner. */
  readonly user: UserIdentity | null | undefined;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
}

/** A step that changes a token. */
export interface UpdateStep extends StepInput {
  readonly subject: OutcomeSubject & { readonly serial: string };
  readonly action: ChangingAction;
  /** The state that the token must still be in, where the definition's target is a state. */
  readonly state?: TokenState | undefined;
  /** The ids of the later steps of the same slip. */
  readonly laterSteps: readonly string[];
  /** The ids under which the release before event keys may have applied this step and the later ones. */
  readonly former?: () => FormerIds;
}

export interface FormerIds {
  readonly id: string;
  readonly laterSteps: readonly string[];
}

/** A step that creates a token; its subject has no serial. */
export interface CreationStep extends StepInput {
  readonly action: AnyCreatingAction;
  /** The serials of the tokens that the event is about: conditions on a token look at them. */
  readonly about: readonly string[];
  readonly container_serial: string | null;
  /**
   * Finds the later steps of the same slip that create tokens. Called only where this step is about to create its own.
   */
  laterSteps(): Promise<readonly SerialSource[]>;
}

interface StepTools {
  readonly tools: Omit<ActionTools, 'stepId'>;
  /** The stack's IANA time zone. */
  readonly timezone: string;
  /** The writer's clock, in milliseconds since 1970. */
  now(): number;
  readonly limits: LedgerLimits;
  /** Waits before the step tries again. */
  pause(attempt: number): Promise<void>;
  /** For how long after the event a response is repeated, in milliseconds; absent: without limit. */
  readonly repeatFor?: number | undefined;
}

export interface UpdateTools extends StepTools {
  readonly tokens: Pick<TokenStore, 'read' | 'replace'>;
  /** Loads what the clauses need besides the token. */
  loadFacts(clauses: readonly Clause[], record: TokenRecord): Promise<Facts>;
}

export interface CreationTools extends StepTools {
  readonly tokens: Pick<TokenStore, 'read' | 'create'>;
  readonly reservations: Reservations;
  /** Loads what the clauses need. @param about a token that the event is about; `null`: there is none */
  loadFacts(clauses: readonly Clause[], about: TokenRecord | null, user: UserIdentity | null): Promise<Facts>;
}

/** The result of a step. */
export interface StepResult {
  /** `null`: nothing to announce. A later step of the slip is applied already, and this one is not decided again. */
  readonly outcome: Outcome | null;
  /** The verdict on each of the step's clauses, in their order; empty where the step did not evaluate them. */
  readonly verdicts: readonly ClauseVerdict[];
  /** Whether an earlier delivery has done the step: the outcome is announced again, and nothing is written. */
  readonly isRepeated: boolean;
  /** The token as a step that was decided now has left it; absent after all others, and where a token is created. */
  readonly record?: TokenRecord | undefined;
}

/** Makes the tools of a step's action. Its secrets are derived from the step's id and the week of its event. */
export function toolsOf(
  { subject, isFormer }: Pick<StepInput, 'subject' | 'isFormer'>,
  { tools }: Pick<StepTools, 'tools'>,
): ActionTools {
  return { ...tools, stepId: isFormer ? subject.id : derivationId(subject.id, subject.event.time) };
}

/**
 * @throws TokenwrightError `bad_time` if the event is more than `MAX_AHEAD` later than `now`; both in milliseconds
 * since 1970
 */
export function refuseFuture(time: number, now: number): void {
  if (time <= now + MAX_AHEAD) return;
  throw new TokenwrightError('bad_time', 'the event is more than five minutes ahead of our clock');
}
