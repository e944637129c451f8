/** The routing slip of an event's steps on one token. Of the event it carries only what its steps can ask for. */
import type { FactName } from '../condition/condition.ts';
import type { EventNeeds } from '../definition/event-needs.ts';
import type { UserIdentity } from '../directory/user.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { Slip } from '../event/slip.ts';
import { eventKey } from '../event/step-id.ts';
import type { OpenStep } from './open-steps.ts';

/** @param user the event's; `undefined`: the token's owner */
export function slipOf(
  event: AuthEvent,
  serial: string | null,
  open: readonly OpenStep[],
  user: UserIdentity | null | undefined,
): Slip {
  const steps = open.map(({ candidate, open }) => ({
    definition: candidate.definition.id,
    version: candidate.version,
    action: candidate.definition.action,
    open: [...open],
  }));
  const asked = (want: keyof EventNeeds): boolean => open.some(({ candidate }) => candidate.eventNeeds[want]);
  const stillNeeds = (name: FactName): boolean =>
    open.some(({ candidate, open }) => open.some((i) => candidate.clauses[i]?.needs.includes(name)));
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
