/** What planning itself announces: no token, a slip that is too large, a definition that cannot be parsed. */

import { TokenwrightError } from '../base/error.ts';
import type { BrokenDefinition, CompiledDefinition } from '../definition/compile.ts';
import type { Target } from '../definition/target.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import { failed, type Outcome, type OutcomeSubject, type Reason, skipped } from '../event/outcome.ts';
import { MAX_SLIP_BYTES } from '../event/slip.ts';
import { eventKey, stepId } from '../event/step-id.ts';

/**
 * The event has no token for this definition, all whose other conditions hold.
 *
 * @param isUnknown whether the event names a user whom the directory does not have: what was looked for is told
 */
export function noToken(event: AuthEvent, { definition: { target } }: CompiledDefinition, isUnknown: boolean): Reason {
  const unknown = isUnknown && event.user !== null ? { unknown_user: event.user } : {};
  const message = 'unknown_user' in unknown ? "the event's user is not in the directory" : WITHOUT_TOKEN[target];
  return { code: 'no_token', message, ...unknown };
}

const SEVERAL = 'the event is about no token, or about several of its user';
const WITHOUT_TOKEN: Readonly<Record<Target, string>> = {
  current: SEVERAL,
  user: SEVERAL,
  siblings: "the event's token has no sibling: no other token of its owner and type",
  unassigned: SEVERAL,
  disabled: SEVERAL,
};

/** A step that is not done: there is no token, or a condition that needs none cannot be evaluated. */
export function skippedStep(
  event: AuthEvent,
  candidate: CompiledDefinition,
  serial: string | null,
  reason: Reason,
): Outcome {
  return skipped(subjectOf(event, candidate, serial), reason);
}

/** Why a slip or a run may not go on the bus: a step event stays below one billed unit. */
export function tooLarge(travelling: object): TokenwrightError | null {
  if (Buffer.byteLength(JSON.stringify(travelling)) < MAX_SLIP_BYTES) return null;
  const message = `what this event needs on its way is over ${MAX_SLIP_BYTES} bytes`;
  return new TokenwrightError('slip_too_large', message, { allowed: `${MAX_SLIP_BYTES} bytes` });
}

/** A step that is refused, whatever its conditions. */
export function failedStep(
  event: AuthEvent,
  candidate: CompiledDefinition,
  serial: string | null,
  error: TokenwrightError,
): Outcome {
  return failed(subjectOf(event, candidate, serial), error);
}

/** Definitions of that event which cannot be parsed: reported, and no hindrance to the others. */
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
