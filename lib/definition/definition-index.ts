/**
 * Finds the definitions that may act at an event. A definition is compiled when an event's terms first lead to it, so a
 * cold instance compiles only the definitions that may concern its first event. Terms (`lib/condition/index-terms.ts`) are
 * read from unchecked bodies: a condition that cannot be read excludes nothing, so that the definition is found,
 * compiled and reported.
 */

import { TokenwrightError } from '../base/error.ts';
import { findCondition } from '../condition/catalogue.ts';
import { type EventTerms, NESTED_FIELDS, type TermField } from '../condition/index-terms.ts';
import { normaliseConditionValue } from '../condition/value.ts';
import type { Position } from '../event/auth-event.ts';
import { type Compiled, type Partition, partition } from './compile.ts';
import { headerOf, uncheckedFields } from './header.ts';
import type { StoredDefinition } from './store.ts';
import { type TermIndex, termIndex } from './term-index.ts';

export interface DefinitionIndex {
  /** Finds the active definitions that the terms of an event do not exclude, by ordering, then id. */
  find(position: Position, event: string, terms: EventTerms): Promise<Partition>;
  /** Compiles the whole set, inactive definitions included, by ordering, then id; an unreadable ordering comes last. */
  all(): Promise<readonly Compiled[]>;
}

interface Entry {
  readonly ordering: number;
  readonly stored: StoredDefinition;
  /** Absent until an event's terms first lead to it. */
  compiled?: Compiled;
}

/** @param compile `compileDefinition`, or a caching one that need not compile again for the next set */
export function indexDefinitions(
  stored: readonly StoredDefinition[],
  compile: (definition: StoredDefinition) => Promise<Compiled>,
): DefinitionIndex {
  const byEvent = new Map<string, Entry[]>();
  for (const definition of stored) {
    const { position, events, ordering } = headerOf(definition.body);
    const entry: Entry = { ordering, stored: definition };
    for (const name of events) {
      const key = `${position}:${name}`;
      const list = byEvent.get(key);
      if (list) list.push(entry);
      else byEvent.set(key, [entry]);
    }
  }
  const indexed = new Map<string, TermIndex<Entry>>();

  return {
    async find(position, event, terms) {
      const key = `${position}:${event}`;
      const entries = byEvent.get(key);
      if (!entries) return { definitions: [], broken: [] }; // not cached: the number of event names is unlimited
      const index = indexed.get(key) ?? indexTerms(inOrder(entries));
      indexed.set(key, index);
      const found: Compiled[] = [];
      for (const entry of index.find(terms)) {
        entry.compiled ??= await compile(entry.stored);
        found.push(entry.compiled);
      }
      return partition(found);
    },
    all: () => {
      const entries = stored.map((definition) => ({ ...headerOf(definition.body), stored: definition }));
      return Promise.all(inOrder(entries).map((entry) => compile(entry.stored)));
    },
  };
}

function indexTerms(entries: readonly Entry[]): TermIndex<Entry> {
  return termIndex(entries, conditionNames(entries), ({ stored }, field) => acceptedTerms(stored.body, field));
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => (a.ordering === b.ordering ? a.stored.id - b.stored.id : a.ordering - b.ordering));
}

/** Returns the names of all conditions of some definitions. */
function conditionNames(entries: readonly Entry[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { stored } of entries) {
    const { conditions } = uncheckedFields(stored.body);
    // All objects of a list have to hold.
    for (const group of Array.isArray(conditions) ? conditions : [conditions]) {
      for (const name of Object.keys(uncheckedFields(group))) names.add(name);
    }
  }
  return names;
}

/** Returns the terms of a field with which all conditions on it can hold; `null` if they exclude nothing. */
function acceptedTerms(body: unknown, field: TermField): readonly string[] | null {
  const { conditions } = uncheckedFields(body);
  if (!Array.isArray(conditions)) return termsOf(field, uncheckedFields(conditions)[field]);
  const lists = conditions
    .map((group) => termsOf(field, uncheckedFields(group)[field]))
    .filter((terms) => terms !== null);
  return lists.length === 0 ? null : lists.reduce((some, others) => intersect(field, some, others));
}

/** Intersects two lists of terms. One network may contain another: then the first list alone is a safe choice. */
function intersect(field: TermField, some: readonly string[], others: readonly string[]): readonly string[] {
  return NESTED_FIELDS.includes(field) ? some : some.filter((one) => others.includes(one));
}

/** Reads the terms of a value; `null` if there is none, or it cannot be read. */
function termsOf(field: TermField, value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  try {
    const terms = Array.isArray(value) ? value.flatMap((one) => acceptedBy(field, one)) : acceptedBy(field, value);
    return terms.length === 0 ? null : terms;
  } catch (error) {
    if (error instanceof TokenwrightError) return null;
    throw error;
  }
}

function acceptedBy(field: TermField, value: unknown): readonly string[] {
  return findCondition(field)?.terms?.(normaliseConditionValue(value)) ?? [];
}
