/**
 * A set of definitions, found by what an event says. A definition is compiled when an event's terms first lead to it:
 * a cold instance pays for the definitions that may concern the event that woke it, not for the whole set.
 */
import type { EventTerms } from '../condition/index-terms.ts';
import type { Position } from '../event/auth-event.ts';
import { acceptedTerms, conditionNames } from './accepted-terms.ts';
import { type Compiled, type Partition, partition } from './compile.ts';
import { headerOf } from './header.ts';
import type { StoredDefinition } from './store.ts';
import { type TermIndex, termIndex } from './term-index.ts';

export interface DefinitionIndex {
  /** The active definitions that the terms of an event do not rule out, in ordering, then id. */
  find(position: Position, event: string, terms: EventTerms): Promise<Partition>;
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
  const indexed = new Map<string, TermIndex<StoredDefinition>>();

  return {
    async find(position, event, terms) {
      const key = `${position}:${event}`;
      const entries = byEvent.get(key);
      if (!entries) return { definitions: [], broken: [] }; // not remembered: senders name events without end
      const index = indexed.get(key) ?? indexTerms(inOrder(entries));
      indexed.set(key, index);
      return partition(await Promise.all(index.find(terms).map(compile)));
    },
    all: () => {
      const entries = stored.map((definition) => ({ ...headerOf(definition.body), stored: definition }));
      return Promise.all(inOrder(entries).map(compile));
    },
  };
}

function indexTerms(definitions: readonly StoredDefinition[]): TermIndex<StoredDefinition> {
  return termIndex(definitions, conditionNames(definitions), ({ body }, field) => acceptedTerms(body, field));
}

function inOrder(entries: readonly Entry[]): StoredDefinition[] {
  const sorted = [...entries].sort((a, b) =>
    a.ordering === b.ordering ? a.stored.id - b.stored.id : a.ordering - b.ordering,
  );
  return sorted.map(({ stored }) => stored);
}
