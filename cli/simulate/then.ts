/** Tells what came of a recorded event when it arrived, and what has changed since. */
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock } from '../../lib/base/clock.ts';
import { definitionStore } from '../../lib/definition/store.ts';
import type { AuthEvent } from '../../lib/event/auth-event.ts';
import { KEPT_DAYS, type KeptOutcome } from '../../lib/event/outcome-store.ts';
import type { Explanation } from '../../lib/simulate/explanation.ts';
import type { Tables } from '../stack/environment.ts';
import { storedOutcomes } from '../stack/stored-outcomes.ts';

const DAY_MS = 86_400_000;

/** The stored outcomes of an event, and the tokens whose outcomes were read. */
export interface Then {
  readonly serials: readonly string[];
  readonly outcomes: readonly KeptOutcome[];
}

/** Reads the outcomes of an event, for its tokens and those of the explained steps. @param only reads those of this token */
export async function outcomesThen(
  { id, name, serials: named }: AuthEvent,
  { definitions }: Explanation,
  tables: Tables,
  only: string | undefined,
): Promise<Then> {
  const steps = definitions.flatMap(({ steps }) => steps.flatMap(({ serial }) => serial ?? []));
  const serials = [...new Set(only === undefined ? [...named, ...steps] : [only])];
  const outcomes: KeptOutcome[] = [];
  for (const serial of serials) {
    for await (const outcome of storedOutcomes(tables, serial)) {
      if (outcome.event.id === id && outcome.event.name === name) outcomes.push(outcome);
    }
  }
  return { serials, outcomes };
}

/** Describes that an event has no stored outcome, and what that means. */
export function withoutOutcome({ id, occurredAt }: AuthEvent, serials: readonly string[]): string {
  if (processClock().now() - occurredAt > KEPT_DAYS * DAY_MS) {
    return `outcomes are stored for ${KEPT_DAYS} days: if this event had any, they are gone`;
  }
  const about = serials.length > 0 ? ` for ${serials.join(', ')}` : '';
  return `no outcome of this event is stored${about}: no definition acted, unless the event failed ("dlq list --event ${id}")`;
}

/** Names the explained definitions whose applied version was saved after the event. */
export async function savedSince(
  { occurredAt }: AuthEvent,
  { definitions }: Explanation,
  { definitions: table }: Tables,
): Promise<string[]> {
  const store = definitionStore(documentClient(), table);
  const notes = definitions.map(async ({ id, version }) => {
    const saved = (await store.versions(id)).find((one) => one.version === version);
    const at = saved?.note?.at;
    if (at === undefined || Date.parse(at) <= occurredAt) return [];
    return [
      `#${id} v${version} was saved after the event, at ${at}: "definitions history ${id}" shows what it was then`,
    ];
  });
  return (await Promise.all(notes)).flat();
}
