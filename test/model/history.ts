/**
 * A token's history: the steps that were done to it. Applied one after the other to the imported token, in the order in which
 * their events occurred (then the definitions' order, then the event's id), they give the token.
 */
import { imported, type ModelToken, manualOf } from './manual.ts';
import type { WorldDefinition, WorldEvent, WorldToken } from './world.ts';

export interface ModelStep {
  readonly event: WorldEvent;
  readonly definition: WorldDefinition;
}

function compareSteps(a: ModelStep, b: ModelStep): number {
  return (
    a.event.time - b.event.time ||
    a.definition.ordering - b.definition.ordering ||
    a.definition.id - b.definition.id ||
    (a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0)
  );
}

export function tokenAfter(start: WorldToken, history: readonly ModelStep[]): ModelToken {
  const token = imported(start);
  for (const { event, definition } of [...history].sort(compareSteps)) {
    manualOf(definition).apply(token, definition.options, event);
  }
  return token;
}

/** Tells whether younger steps of the history have already set everything that this one would set. */
export function isSuperseded(start: WorldToken, history: readonly ModelStep[], step: ModelStep): boolean {
  const younger = history.filter((other) => compareSteps(other, step) > 0);
  const over = new Set(
    younger.flatMap((other) =>
      touchesOf(start, history, other).flatMap(([kind, path]) => (kind === 'assign' ? [path] : [])),
    ),
  );
  return touchesOf(start, history, step).every(([, path]) => over.has(path) || over.has(path.split(':')[0] ?? path));
}

function touchesOf(start: WorldToken, history: readonly ModelStep[], { definition }: ModelStep) {
  return manualOf(definition).touches(definition.options, tokenAfter(start, history));
}

/** Compares the visible fields of two tokens: `{field: [before, after]}`. */
export function changesBetween(before: ModelToken, after: ModelToken): Record<string, [unknown, unknown]> {
  if (after.deleted) return { deleted: [false, true] };
  const [from, to] = [visible(before), visible(after)];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return Object.fromEntries(
    fields
      .filter((field) => JSON.stringify(from[field]) !== JSON.stringify(to[field]))
      .map((field) => [field, [from[field] ?? null, to[field] ?? null]]),
  );
}

function visible({ info, deleted: _deleted, ...token }: ModelToken): Record<string, unknown> {
  return { ...token, ...Object.fromEntries(Object.entries(info).map(([key, value]) => [`info.${key}`, value])) };
}
