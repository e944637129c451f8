/**
 * Runs the current step of a slip: loads its definition by id and version, does the step, and returns the slip to go on
 * with. Lambdas of the bus, `pre` events, bulk runs, explain and replay all run steps by it.
 */
import { type AnyAction, type AnyCreatingAction, isCreating } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Clause } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import type { DefinitionCache } from '../definition/definition-cache.ts';
import type { UserIdentity } from '../directory/user.ts';
import { failed } from '../event/outcome.ts';
import { nextSlip, type Slip, type SlipStep, stepIdOf } from '../event/slip.ts';
import { formerStepId } from '../event/step-id.ts';
import { type TokenRecord, viewToken } from '../token/record.ts';
import { createToken } from './create-token.ts';
import { factsWithoutToken, NOTHING_EVALUATED } from './evaluate.ts';
import { completeFacts, type FactHints, type FactSources } from './facts.ts';
import { type SerialSource, serialSource } from './new-serial.ts';
import type { CreationTools, FormerIds, StepResult, UpdateTools } from './step.ts';
import { optionsOf } from './step-options.ts';
import { updateToken } from './update-token.ts';

/** The tools for all steps of an event. */
export interface StepRuntime extends Omit<UpdateTools, 'loadFacts'>, Omit<CreationTools, 'loadFacts'> {
  readonly tokens: UpdateTools['tokens'] & CreationTools['tokens'];
  readonly definitions: DefinitionCache;
  readonly sources: FactSources;
}

/** The result of the current step of a slip. */
export interface SlipResult extends StepResult {
  /** The slip to go on with; `null` at its end. */
  readonly next: Slip | null;
}

/**
 * Runs the current step of a slip.
 *
 * @param action the one that the step names
 * @throws TokenwrightError `bad_step` for a malformed slip; transient errors
 */
export async function runSlipStep(slip: Slip, action: AnyAction, runtime: StepRuntime): Promise<SlipResult> {
  const step = currentStep(slip);
  const loaded = await runtime.definitions.byVersion(step.definition, step.version);
  if (!loaded?.ok) {
    const name = loaded?.broken.name ?? '';
    const error = loaded?.broken.error ?? noSuchVersion(step);
    const outcome = failed(subjectOf(slip, { id: step.definition, name }), error);
    return { ...NOTHING_EVALUATED, outcome, isRepeated: false, next: nextSlip(slip) };
  }
  const { definition } = loaded.compiled;
  const { subject, clauses, stamp } = conditionalStep(slip, loaded.compiled);
  const common = {
    options: await optionsOf(definition, action, runtime.tools.box),
    clauses,
    stamp,
    isFormer: slip.event.key === undefined,
    user: slip.user,
    client_ip: slip.facts.client_ip ?? null,
    user_agent: slip.facts.user_agent ?? null,
  };
  const result = isCreating(action)
    ? await createToken(
        {
          ...common,
          action,
          subject: { ...subject, serial: null },
          about: slip.about ?? [],
          container_serial: slip.facts.container_serial ?? null,
          laterSteps: () => laterCreations(slip, action, runtime),
        },
        { ...runtime, loadFacts: (needed, record, user) => loadCreationFacts(slip, needed, record, user, runtime) },
      )
    : await updateToken(
        {
          ...common,
          action,
          subject: { ...subject, serial: requireSerial(slip) },
          state: slip.state,
          laterSteps: slip.steps.slice(slip.at + 1).map((later) => stepIdOf(slip, later.definition)),
          ...(slip.event.key !== undefined && { former: () => formerIdsOf(slip, definition.id) }),
        },
        { ...runtime, loadFacts: (needed, record) => loadUpdateFacts(slip, needed, record, runtime) },
      );
  const isAborted = result.outcome?.status === 'failed' && definition.abort_on_error;
  return { ...result, next: isAborted ? null : nextSlip(slip) };
}

/** The current step of a slip, as far as it can be evaluated without its action. */
export function conditionalStep(slip: Slip, { definition, clauses }: CompiledDefinition) {
  const { id, name, ordering } = definition;
  return {
    subject: subjectOf(slip, { id, name }),
    clauses: currentStep(slip)
      .open.map((i) => clauses[i])
      .filter((clause) => clause !== undefined),
    stamp: { time: slip.event.time, ordering, definition: id, event: slip.event.id },
  };
}

function formerIdsOf({ event, serial, steps, at }: Slip, definition: number): FormerIds {
  const idOf = (id: number): string => formerStepId(event, { definition: id }, serial);
  return { id: idOf(definition), laterSteps: steps.slice(at + 1).map((later) => idOf(later.definition)) };
}

export function currentStep({ steps, at }: Slip): SlipStep {
  const step = steps[at];
  if (step) return step;
  throw new TokenwrightError('bad_step', `the slip has no step ${at}`, { path: 'at', given: at });
}

function requireSerial({ serial }: Slip): string {
  if (serial !== null) return serial;
  throw new TokenwrightError('bad_step', 'the step changes a token, and its slip has none', { path: 'serial' });
}

function noSuchVersion({ definition, version }: SlipStep): TokenwrightError {
  return new TokenwrightError('bad_definition', `version ${version} of definition ${definition} is not there`);
}

function subjectOf(slip: Slip, definition: { readonly id: number; readonly name: string }) {
  const { id, name, time } = slip.event;
  return {
    id: stepIdOf(slip, definition.id),
    event: { id, name, time },
    definition,
    action: slip.action,
    serial: slip.serial,
  };
}

/**
 * Finds the later steps of the slip that create tokens. A function knows its own action only, and one action creates.
 */
async function laterCreations(slip: Slip, action: AnyCreatingAction, runtime: StepRuntime): Promise<SerialSource[]> {
  const later = slip.steps.slice(slip.at + 1).filter((step) => step.action === action.name);
  const { key, time } = slip.event;
  const sources = await Promise.all(
    later.map(async ({ definition, version }) => {
      const loaded = await runtime.definitions.byVersion(definition, version);
      if (!loaded?.ok) return null;
      const options = await optionsOf(loaded.compiled.definition, action, runtime.tools.box);
      const subject = { id: stepIdOf(slip, definition), event: { time } };
      return serialSource({ subject, isFormer: key === undefined }, action, options);
    }),
  );
  return sources.filter((source) => source !== null);
}

/** The event for conditions of a step: they see only the fields in the slip. */
const NO_EVENT = { client_ip: null, logged_in_user: undefined, response: null };

function hintsOf({ facts }: Slip): FactHints {
  const { transaction_id = null, container_serial = null, challenge = null, container = null } = facts;
  return { transaction_id, container_serial, challenge, container };
}

/**
 * Loads what clauses need besides the token as it was read and the facts of the slip.
 *
 * @param known what was loaded for another step on the same record
 */
export async function loadUpdateFacts(
  slip: Slip,
  clauses: readonly Clause[],
  record: TokenRecord,
  { sources, timezone }: StepRuntime,
  known?: Facts,
): Promise<Facts> {
  const token = viewToken(record);
  const user = slip.user === undefined ? token.user : slip.user;
  const facts = known ?? { now: slip.event.time, timezone, event: NO_EVENT, serial: slip.serial, token, user };
  return completeFacts(facts, clauses, hintsOf(slip), sources);
}

/** Loads what clauses need. @param about a token that the event is about; `null`: there is none */
async function loadCreationFacts(
  slip: Slip,
  clauses: readonly Clause[],
  about: TokenRecord | null,
  user: UserIdentity | null,
  { sources, timezone }: StepRuntime,
): Promise<Facts> {
  const base: Facts = { now: slip.event.time, timezone, event: NO_EVENT, user };
  if (about === null) return factsWithoutToken(clauses, base, hintsOf(slip), sources);
  const facts = { ...base, serial: about.token.serial, token: viewToken(about) };
  return completeFacts(facts, clauses, hintsOf(slip), sources);
}
