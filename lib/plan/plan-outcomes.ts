/** Makes the outcomes of planning itself: no token, a slip that is too large, a definition that cannot be parsed. */

import { TokenwrightError } from '../base/error.ts';
import type { BrokenDefinition, CompiledDefinition } from '../definition/compile.ts';
import type { Target } from '../definition/target.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { failed, type Outcome, type OutcomeSubject, type Reason, skipped } from '../event/outcome.ts';
import { MAX_SLIP_BYTES } from '../event/slip.ts';
import { eventKey, stepId } from '../event/step-id.ts';

/**
 * Makes the reason why a definition whose conditions all pass does nothing: the event has no token for it.
 *
 * @param isUnknown whether the directory does not have the event's user: then the reason names who was looked for
 */
export function noToken(event: AuthEvent, { definition: { target } }: CompiledDefinition, isUnknown: boolean): Reason {
  const unknown = isUnknown && event.user !== null ? { unknown_user: event.user } : {};
  const message = 'unknown_user' in unknown ? "the event's user is not in the directory" : withoutToken(target);
  return { code: 'no_token', message, ...unknown };
}

function withoutToken(target: Target): string {
  if (target === 'siblings') return "the event's token has no sibling: its owner has no other token of its type";
  return 'the event is about no token, or about several of its user';
}

/** Makes the outcome of a step that planning skips: there is no token, or a condition cannot be evaluated. */
export function skippedStep(
  event: AuthEvent,
  candidate: CompiledDefinition,
  serial: string | null,
  reason: Reason,
): Outcome {
  return skipped(subjectOf(event, candidate, serial), reason);
}

/** Makes the error of a slip or run that is too large for the bus: a step event stays within one billed unit. */
export function tooLarge(travelling: object): TokenwrightError | null {
  if (Buffer.byteLength(JSON.stringify(travelling)) < MAX_SLIP_BYTES) return null;
  const message = `the steps of this event need more than ${MAX_SLIP_BYTES} bytes on the bus`;
  return new TokenwrightError('slip_too_large', message, { allowed: `${MAX_SLIP_BYTES} bytes` });
}

/** Makes the outcome of a step that fails before it is run. */
export function failedStep(
  event: AuthEvent,
  candidate: CompiledDefinition,
  serial: string | null,
  error: TokenwrightError,
): Outcome {
  return failed(subjectOf(event, candidate, serial), error);
}

/** Makes the outcomes of the event's definitions that cannot be parsed; the others are planned all the same. */
export function brokenDefinitions(event: AuthEvent, broken: readonly BrokenDefinition[]): Outcome[] {
  return broken.map(({ id, name, error }) => failed(toSubject(event, { id, name }, null, null), error));
}

function subjectOf(event: AuthEvent, { definition }: CompiledDefinition, serial: string | null): OutcomeSubject {
  return toSubject(event, { id: definition.id, name: definition.name }, definition.action, serial);
}

function toSubject(
  event: AuthEvent,
  definition: { readonly id: number; readonly name: string },
  action: string | null,
  serial: string | null,
): OutcomeSubject {
  const { id, name, occurredAt } = event;
  return {
    id: stepId(eventKey(event), { definition: definition.id }, serial),
    event: { id, name, time: occurredAt },
    definition,
    action,
    serial,
  };
}
