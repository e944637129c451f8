/**
 * Runs a step in the bare form, which an administrator's own EventBridge rule can hand over: an action with its options
 * and the serials, without a definition, and so without conditions.
 */
import type { AnyAction, AnyCreatingAction, ChangingAction } from '../action/action.ts';
import type { Facts } from '../condition/condition.ts';
import { type Outcome, skipped } from '../event/outcome.ts';
import type { BareStep } from '../event/slip.ts';
import { eventKey, stepId } from '../event/step-id.ts';
import { createToken } from './create-token.ts';
import type { StepRuntime } from './run-slip.ts';
import { readOptions } from './step-options.ts';
import { updateToken } from './update-token.ts';

/**
 * Creates a token: once, however many tokens the step names.
 *
 * @throws transient errors
 */
export async function runBareCreation(
  bare: BareStep,
  action: AnyCreatingAction,
  runtime: StepRuntime,
): Promise<Outcome | null> {
  const { outcome } = await createToken(
    {
      ...inputOf(bare, action),
      action,
      subject: subjectOf(bare, action, null),
      about: bare.serials,
      container_serial: null,
      laterSteps: async () => [],
    },
    { ...runtime, loadFacts: noFacts },
  );
  return outcome;
}

/**
 * Changes one of the step's tokens.
 *
 * @param serial `null`: the step names no token
 * @throws transient errors
 */
export async function runBareStep(
  bare: BareStep,
  serial: string | null,
  action: ChangingAction,
  runtime: StepRuntime,
): Promise<Outcome | null> {
  const subject = subjectOf(bare, action, serial);
  if (serial === null) return skipped(subject, { code: 'no_token', message: 'the event is about no token' });
  const step = { ...inputOf(bare, action), action, subject: { ...subject, serial }, laterSteps: [] };
  const { outcome } = await updateToken(step, { ...runtime, loadFacts: noFacts });
  return outcome;
}

function subjectOf({ event, options, serials }: BareStep, action: AnyAction, serial: string | null) {
  const { id, name, source = '' } = event;
  const key = eventKey({ source, id, name, position: 'post', user: null, serials });
  const cause = { action: action.name, options };
  return { id: stepId(key, cause, serial), event, definition: null, action: action.name, serial };
}

function inputOf({ event, options }: BareStep, action: AnyAction) {
  return {
    options: readOptions(action, options),
    clauses: [],
    stamp: { time: event.time, ordering: 0, definition: 0, event: event.id },
    user: undefined,
    client_ip: null,
    user_agent: null,
  };
}

/** Loads nothing: a bare step has no definition, and so no clauses that read facts. */
const noFacts = async (): Promise<Facts> => ({
  now: 0,
  timezone: 'UTC',
  event: { client_ip: null, logged_in_user: undefined, response: null },
});
