/**
 * Builds the routing slip of an event's steps on one token. Of the event it carries only what its steps can ask for.
 */
import type { FactName } from '../condition/condition.ts';
import type { EventNeeds } from '../definition/event-needs.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Slip } from '../event/slip.ts';
import { eventKey } from '../event/step-id.ts';
import type { PlannedStep } from './planned-steps.ts';

/**
 * Builds the slip, with its first step as the current one.
 *
 * @param serial `null`: the steps create tokens, or the slip is of a bulk run
 * @param user the event's; `undefined`: the token's owner
 */
export function slipOf(
  event: AuthEvent,
  serial: string | null,
  planned: readonly PlannedStep[],
  user: UserIdentity | null | undefined,
): Slip {
  const steps = planned.map(({ candidate, deferred }) => ({
    definition: candidate.definition.id,
    version: candidate.version,
    action: candidate.definition.action,
    open: [...deferred],
  }));
  const asked = (need: keyof EventNeeds): boolean => planned.some(({ candidate }) => candidate.eventNeeds[need]);
  const stillNeeds = (name: FactName): boolean =>
    planned.some(({ candidate, deferred }) => deferred.some((i) => candidate.clauses[i]?.needs.includes(name)));
  return {
    action: steps[0]?.action ?? '',
    event: {
      key: eventKey(event),
      id: event.id,
      name: event.name,
      source: event.source,
      position: event.position,
      time: event.occurredAt,
    },
    serial,
    ...(user === undefined ? {} : { user }),
    facts: {
      ...(asked('client_ip') ? { client_ip: event.client_ip } : {}),
      ...(asked('user_agent') ? { user_agent: event.user_agent } : {}),
      ...(stillNeeds('challenge') ? { transaction_id: event.transaction_id, challenge: event.challenge } : {}),
      ...(asked('container') ? { container_serial: event.container_serial } : {}),
      ...(stillNeeds('container') ? { container_serial: event.container_serial, container: event.container } : {}),
    },
    steps,
    at: 0,
  };
}
