/**
 * One step of a slip: loads its definition by id and version, does it, and says what comes next. The
 * same for a Lambda of the bus and for the synchronous way of `pre` events.
 */
import { type AnyAction, type AnyCreatingAction, type ChangingAction, isCreating } from '../action/action.ts';
import { TokenwrightError } from '../base/error.ts';
import type { Clause } from '../condition/clause.ts';
import type { Facts } from '../condition/condition.ts';
import type { DefinitionCache } from '../definition/definition-cache.ts';
import type { UserIdentity } from '../directory/user.ts';
import { failed, type Outcome, skipped } from '../event/outcome.ts';
import { type BareStep, nextSlip, type Slip, stepIdOf } from '../event/slip.ts';
import { type EventKey, eventKey, formerStepId, stepId } from '../event/step-id.ts';
import type { TokenRecord } from '../token/record.ts';
import { viewToken } from '../token/record.ts';
import { type CreationTools, createToken } from './create-token.ts';
import { completeFacts, type FactSources, neededBy, withoutToken } from './facts.ts';
import { type SerialSource, serialSource } from './new-serial.ts';
import { optionsOf, readOptions } from './step-options.ts';
import { type FormerIds, type Step, type StepTools, updateToken } from './update-token.ts';

export interface StepRuntime
  extends Omit<StepTools, 'loadFacts' | 'tokens'>,
    Omit<CreationTools, 'loadFacts' | 'tokens'> {
  readonly tokens: StepTools['tokens'] & CreationTools['tokens'];
  readonly definitions: DefinitionCache;
  readonly sources: FactSources;
}

/** What came of a slip's present step, and the slip to go on with. */
export interface SlipResult {
  /** `null`: nothing to announce, see `updateToken`. */
  readonly outcome: Outcome | null;
  readonly next: Slip | null;
}

/** Does the present step of a slip. @throws whatever is transient */
export async function runSlipStep(slip: Slip, action: AnyAction, runtime: StepRuntime): Promise<SlipResult> {
  const step = slip.steps[slip.at];
  if (!step) throw new TokenwrightError('bad_step', `the slip has no step ${slip.at}`, { path: 'at', given: slip.at });
  const loaded = await runtime.definitions.byVersion(step.definition, step.version);
  if (!loaded?.ok) {
    const name = loaded?.broken.name ?? '';
    const gone = new TokenwrightError(
      'bad_definition',
      `version ${step.version} of definition ${step.definition} is not there`,
    );
    const subject = subjectOf(slip, { id: step.definition, name }, action);
    return { outcome: failed(subject, loaded?.broken.error ?? gone), next: nextSlip(slip) };
  }
  const { definition, clauses } = loaded.compiled;
  const subject = subjectOf(slip, { id: definition.id, name: definition.name }, action);
  const open = step.open.map((i) => clauses[i]).filter((clause) => clause !== undefined);
  const common = {
    options: await optionsOf(definition, action, runtime.tools.box),
    clauses: open,
    stamp: { time: slip.event.time, ordering: definition.ordering, definition: definition.id, event: slip.event.id },
    isFormer: slip.event.key === undefined,
    user: slip.user,
    client_ip: slip.facts.client_ip ?? null,
    user_agent: slip.facts.user_agent ?? null,
  };
  const outcome = isCreating(action)
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
        { ...runtime, loadFacts: (needed, record) => loadFacts(slip, needed, record, runtime) },
      );
  const aborted = outcome?.status === 'failed' && definition.abort_on_error;
  return { outcome, next: aborted ? null : nextSlip(slip) };
}

function formerIdsOf({ event, serial, steps, at }: Slip, definition: number): FormerIds {
  const idOf = (id: number): string => formerStepId(event, { definition: id }, serial);
  return { id: idOf(definition), laterSteps: steps.slice(at + 1).map((later) => idOf(later.definition)) };
}

/**
 * Makes a token for the bare form: once, whatever number of tokens it names.
 *
 * @throws whatever is transient
 */
export async function runBareCreation(
  bare: BareStep,
  action: AnyCreatingAction,
  runtime: StepRuntime,
): Promise<Outcome | null> {
  const { event, options } = bare;
  const cause = { action: action.name, options };
  const id = stepId(bareKey(bare), cause, null);
  return createToken(
    {
      subject: { id, event, definition: null, action: action.name, serial: null },
      action,
      options: readOptions(action, options),
      clauses: [],
      stamp: { time: event.time, ordering: 0, definition: 0, event: event.id },
      user: undefined,
      client_ip: null,
      user_agent: null,
      about: bare.serials,
      container_serial: null,
      laterSteps: async () => [],
    },
    { ...runtime, loadFacts: async () => NO_FACTS },
  );
}

/**
 * Does one serial's step of the bare form, which has no definition.
 *
 * @param serial `null`: the event is about no token
 * @throws whatever is transient
 */
export async function runBareStep(
  bare: BareStep,
  serial: string | null,
  action: ChangingAction,
  runtime: StepRuntime,
): Promise<Outcome | null> {
  const { event, options } = bare;
  const cause = { action: action.name, options };
  const id = stepId(bareKey(bare), cause, serial);
  const subject = { id, event, definition: null, action: action.name };
  if (serial === null) {
    return skipped({ ...subject, serial }, { code: 'no_token', message: 'the event is about no token' });
  }
  const step: Step = {
    subject: { ...subject, serial },
    action,
    options: readOptions(action, options),
    clauses: [],
    stamp: { time: event.time, ordering: 0, definition: 0, event: event.id },
    laterSteps: [],
    user: undefined,
    client_ip: null,
    user_agent: null,
  };
  const noFacts = async (): Promise<Facts> => NO_FACTS;
  return updateToken(step, { ...runtime, loadFacts: noFacts });
}

/** The event as far as the bare form tells: it names no user. */
function bareKey({ event: { id, name, source = '' }, serials }: BareStep): EventKey {
  return eventKey({ source, id, name, position: 'post', user: null, serials });
}

function requireSerial({ serial }: Slip): string {
  if (serial !== null) return serial;
  throw new TokenwrightError('bad_step', 'the step changes a token, and its slip has none', { path: 'serial' });
}

const NO_EVENT = { client_ip: null, logged_in_user: undefined, response: null };
const NO_FACTS: Facts = { now: 0, timezone: 'UTC', event: NO_EVENT };

function subjectOf(slip: Slip, definition: { readonly id: number; readonly name: string }, action: AnyAction) {
  const { id, name, time } = slip.event;
  return {
    id: stepIdOf(slip, definition.id),
    event: { id, name, time },
    definition,
    action: action.name,
    serial: slip.serial,
  };
}

/** Where the later steps of a slip make their tokens; a function knows its own action only, and there is one such. */
async function laterCreations(slip: Slip, action: AnyCreatingAction, runtime: StepRuntime): Promise<SerialSource[]> {
  const later = slip.steps.slice(slip.at + 1).filter((step) => step.action === action.name);
  const isFormer = slip.event.key === undefined;
  const sources = await Promise.all(
    later.map(async ({ definition, version }) => {
      const found = await runtime.definitions.byVersion(definition, version);
      const options = found?.ok ? await optionsOf(found.compiled.definition, action, runtime.tools.box) : null;
      return (
        options && serialSource({ id: stepIdOf(slip, definition), time: slip.event.time, isFormer }, action, options)
      );
    }),
  );
  return sources.filter((source) => source !== null);
}

/** What the step knows: the token as it is read, and what of the event came with the slip. */
export async function loadFacts(
  slip: Slip,
  clauses: readonly Clause[],
  record: TokenRecord,
  { sources, timezone }: StepRuntime,
): Promise<Facts> {
  const token = viewToken(record);
  const { transaction_id = null, container_serial = null, challenge = null, container = null } = slip.facts;
  const facts: Facts = {
    now: slip.event.time,
    timezone,
    event: NO_EVENT,
    serial: slip.serial,
    token,
    user: slip.user === undefined ? token.user : slip.user,
  };
  return completeFacts(facts, neededBy(clauses), { transaction_id, container_serial, challenge, container }, sources);
}

/** As `loadFacts`, for a step that makes a token: it looks at a token that its event is about, or at none. */
export async function loadCreationFacts(
  slip: Slip,
  clauses: readonly Clause[],
  about: TokenRecord | null,
  user: UserIdentity | null,
  { sources, timezone }: StepRuntime,
): Promise<Facts> {
  const base: Facts = { now: slip.event.time, timezone, event: NO_EVENT, user };
  const facts = about ? { ...base, serial: about.token.serial, token: viewToken(about) } : withoutToken(base);
  const { transaction_id = null, container_serial = null, challenge = null, container = null } = slip.facts;
  const needed = new Set(neededBy(clauses));
  if (!about && user && clauses.some(({ name }) => name === 'token_locked')) needed.add('user_tokens');
  return completeFacts(facts, needed, { transaction_id, container_serial, challenge, container }, sources);
}
