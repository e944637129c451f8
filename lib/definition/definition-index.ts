/**
 * A set of definitions, found by what an event says first. A definition is compiled when the first event asks for it:
 * a cold instance pays for the definitions of the event that woke it, not for the whole set.
 */
import type { EventWords } from '../condition/facet.ts';
import type { Position } from '../event/auth-event.ts';
import { type BrokenDefinition, type Compiled, type CompiledDefinition, headerOf } from './compile.ts';
import type { StoredDefinition } from './store.ts';
import { wordIndex } from './word-index.ts';

/** The active definitions of one event and position. */
export interface EventDefinitions {
  /** Those which the event's words do not rule out, in ordering, then id. */
  find(words: EventWords): readonly CompiledDefinition[];
  /** Those that cannot be used. */
  readonly broken: readonly BrokenDefinition[];
}

export interface DefinitionIndex {
  ofEvent(position: Position, event: string): Promise<EventDefinitions>;
  /** The whole set, the inactive ones too, in ordering, then id; broken ones last. */
  all(): Promise<readonly Compiled[]>;
}

const NONE: EventDefinitions = { find: () => [], broken: [] };

/** @param compile as `compileDefinition` does it; one that remembers need not do it again for the next set */
export function indexDefinitions(
  stored: readonly StoredDefinition[],
  compile: (definition: StoredDefinition) => Promise<Compiled>,
): DefinitionIndex {
  const byEvent = new Map<string, StoredDefinition[]>();
  for (const definition of stored) {
    const { position, events } = headerOf(definition.body);
    for (const name of events) {
      const list = byEvent.get(`${position}:${name}`);
      if (list) list.push(definition);
      else byEvent.set(`${position}:${name}`, [definition]);
    }
  }
  const indexed = new Map<string, Promise<EventDefinitions>>();
  const compileAll = async (definitions: readonly StoredDefinition[]): Promise<Compiled[]> =>
    inOrder(await Promise.all(definitions.map(compile)));

  return {
    async ofEvent(position, event) {
      const key = `${position}:${event}`;
      const known = indexed.get(key);
      if (known) return known;
      const definitions = byEvent.get(key);
      if (!definitions) return NONE; // not remembered: senders choose the names of events, without end
      const result = compileAll(definitions).then(indexCompiled);
      indexed.set(key, result);
      return result;
    },
    all: () => compileAll(stored),
  };
}

function indexCompiled(all: readonly Compiled[]): EventDefinitions {
  const { find } = wordIndex(all.filter((one) => one.ok).map((one) => one.compiled));
  return { find, broken: all.filter((one) => !one.ok).map((one) => one.broken) };
}

function inOrder(all: readonly Compiled[]): Compiled[] {
  const place = (one: Compiled) => (one.ok ? one.compiled.definition.ordering : Number.POSITIVE_INFINITY);
  const id = (one: Compiled) => (one.ok ? one.compiled.definition.id : one.broken.id);
  return [...all].sort((a, b) => (place(a) === place(b) ? id(a) - id(b) : place(a) - place(b)));
}
