/**
 * test/model proves that under faults the stack does what a small model of the manual predicts.
 *
 * Collects what a stack has announced so far, and derives the histories of the tokens from it.
 */
import assert from 'node:assert/strict';
import type { ModelStep } from './history.ts';
import type { World, WorldDefinition, WorldEvent } from './world.ts';

/** An announced outcome. */
export interface Announced {
  readonly id: string;
  readonly status: string;
  readonly event: { readonly id: string };
  readonly definition: { readonly id: number } | null;
  readonly serial: string | null;
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>> | null;
  readonly response: { readonly detail: Readonly<Record<string, unknown>> } | null;
  readonly reason: { readonly code: string; readonly condition?: unknown } | null;
}

/** The announced summary of a bulk run. */
export interface Summary {
  readonly id: string;
  readonly event: { readonly id: string };
  readonly definition: { readonly id: number };
  readonly target: string;
  readonly stopped: boolean;
  readonly tokens: Readonly<Record<'found' | 'done' | 'skipped' | 'failed' | 'deferred', number>>;
}

export const keyOf = (event: string, definition: number | undefined, serial: string | null): string =>
  `${event}/${definition}/${serial}`;

export type Announcements = ReturnType<typeof openAnnouncements>;

export function openAnnouncements(world: World) {
  const starts = new Map(world.tokens.map((token) => [token.serial, token]));
  const histories = new Map<string, ModelStep[]>(world.tokens.map(({ serial }) => [serial, []]));
  const announced = new Map<string, Announced[]>();
  const ids = new Map<string, string>();

  const applied = (serial: string, event: string, definition: number): boolean =>
    (histories.get(serial) ?? []).some((step) => step.event.id === event && step.definition.id === definition);

  const note = (outcome: Announced): void => {
    const key = keyOf(outcome.event.id, outcome.definition?.id, outcome.serial);
    assert.equal(ids.get(outcome.id) ?? key, key, 'one id, one step');
    ids.set(outcome.id, key);
    const list = announced.get(key) ?? [];
    if (list[0]) assert.equal(outcome.id, list[0].id, `${key} is announced under one id`);
    announced.set(key, [...list, outcome]);
  };

  /** Adds the steps that were announced as done. */
  const advance = (events: readonly WorldEvent[]): void => {
    for (const event of events) {
      for (const definition of definitionsOf(world, event)) {
        for (const [serial, history] of histories) {
          const list = announced.get(keyOf(event.id, definition.id, serial)) ?? [];
          const isDone = list.some(({ status }) => status === 'done');
          if (isDone && !applied(serial, event.id, definition.id)) history.push({ event, definition });
        }
      }
    }
  };

  return { starts, histories, announced, applied, note, advance };
}

/** Returns the definitions of an event in order, without those that the event alone excludes. */
export function definitionsOf(world: World, event: WorldEvent): WorldDefinition[] {
  return world.definitions
    .filter((definition) => definition.event.split(',').includes(event.name))
    .filter(({ conditions }) => (conditions.result_value ?? String(event.value)).toLowerCase() === String(event.value))
    .sort((a, b) => a.ordering - b.ordering || a.id - b.id);
}

/** Tells whether a definition acts on the tokens that an event names. */
export function isOnTokens(definition: WorldDefinition): boolean {
  return !isBulk(definition) && definition.action !== 'enroll';
}

export function isBulk({ target }: WorldDefinition): boolean {
  return target === 'disabled' || target === 'unassigned';
}

/** Normalises a token: sets and keys have no order, and failcounter_exceeded depends on the order of deliveries. */
export function normal(changes: Announced['changes']): Record<string, unknown> | null {
  if (changes === null) return null;
  const sorted = Object.entries(changes).map(([field, sides]) => [field, sides.map(sortedList)] as const);
  return Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedList(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}
