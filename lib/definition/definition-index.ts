/**
 * A set of definitions, found by what an event says. A definition is compiled when an event's words first lead to it:
 * a cold instance pays for the definitions that may concern the event that woke it, not for the whole set.
 */
import type { EventWords } from '../condition/index-terms.ts';
import type { Position } from '../event/auth-event.ts';
import { acceptedWords, conditionNames } from './accepted-terms.ts';
import { type Compiled, type Partition, partition } from './compile.ts';
import { headerOf } from './header.ts';
import type { StoredDefinition } from './store.ts';
import { type WordIndex, wordIndex } from './term-index.ts';

export interface DefinitionIndex {
  /** The active definitions that the words of an event do not rule out, in ordering, then id. */
  find(position: Position, event: string, words: EventWords): Promise<Partition>;
  /** The whole set, the inactive ones too, in ordering, then id; those whose ordering cannot be read last. */
  all(): Promise<readonly Compiled[]>;
}

interface Entry {
  readonly ordering: number;
  readonly stored: StoredDefinition;
}

/** @param compile as `compileDefinition` does it; one that remembers need not do it again for the next set */
export function indexDefinitions(
  stored: readonly StoredDefinition[],
  compile: (definition: StoredDefinition) => Promise<Compiled>,
): DefinitionIndex {
  const byEvent = new Map<string, Entry[]>();
  for (const definition of stored) {
    const { position, events, ordering } = headerOf(definition.body);
    for (const name of events) {
      const key = `${position}:${name}`;
      const list = byEvent.get(key);
      if (list) list.push({ ordering, stored: definition });
      else byEvent.set(key, [{ ordering, stored: definition }]);
    }
  }
  const indexed = new Map<string, WordIndex<StoredDefinition>>();

  return {
    async find(position, event, words) {
      const key = `${position}:${event}`;
      const entries = byEvent.get(key);
      if (!entries) return { definitions: [], broken: [] }; // not remembered: senders name events without end
      const index = indexed.get(key) ?? indexWords(inOrder(entries));
      indexed.set(key, index);
      return partition(await Promise.all(index.find(words).map(compile)));
    },
    all: () => {
      const entries = stored.map((definition) => ({ ...headerOf(definition.body), stored: definition }));
      return Promise.all(inOrder(entries).map(compile));
    },
  };
}

function indexWords(definitions: readonly StoredDefinition[]): WordIndex<StoredDefinition> {
  return wordIndex(definitions, conditionNames(definitions), ({ body }, facet) => acceptedWords(body, facet));
}

function inOrder(entries: readonly Entry[]): StoredDefinition[] {
  const sorted = [...entries].sort((a, b) =>
    a.ordering === b.ordering ? a.stored.id - b.stored.id : a.ordering - b.ordering,
  );
  return sorted.map(({ stored }) => stored);
}
