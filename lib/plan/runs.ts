/** Definitions on all tokens of a state: what of them an event decides, and the run that it starts. */
import type { Facts } from '../condition/condition.ts';
import type { CompiledDefinition } from '../definition/compile.ts';
import { stateOf } from '../definition/target.ts';
import type { AuthEvent } from '../event/auth-event.ts';
import type { BulkRun } from '../event/bulk.ts';
import { type Slip, stepIdOf } from '../event/slip.ts';
import { type FactSources, ownerOf } from '../step/facts.ts';

/**
 * What is known before any token of the state. The event's user may be the owner of the event's one token, which is
 * none of the run's: whoever wants to know the user gets to know that one here.
 */
export async function factsOfRun(
  { eventNeeds }: CompiledDefinition,
  base: Facts,
  event: AuthEvent,
  { tokens }: FactSources,
): Promise<Facts> {
  if (!eventNeeds.user || base.user !== undefined) return base;
  return { ...base, user: event.serials.length === 1 ? await ownerOf(event.serials[0], tokens) : null };
}

/** @param slip of the definition's one step, without a serial */
export function bulkRun({ definition }: CompiledDefinition, slip: Slip): BulkRun {
  const { id, name } = definition;
  const target = stateOf(definition.target);
  if (target === null) throw new TypeError(`the definition ${id} is about the event's tokens`);
  return { id: stepIdOf(slip, id), definition: { id, name }, target, slip: { ...slip, state: target } };
}
