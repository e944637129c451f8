/**
 * The definitions as a running instance knows them. Dispatch asks for the current set, revalidated by one
 * small read at most every five seconds; actions ask by id and version, which never change.
 */
import type { EventWords } from '../condition/facet.ts';
import type { Position } from '../event/auth-event.ts';
import { type BrokenDefinition, type Compiled, type CompiledDefinition, compileDefinition } from './compile.ts';
import type { DefinitionStore } from './store.ts';
import { type WordIndex, wordIndex } from './word-index.ts';

/** The current set, indexed by what an event says first. */
export interface DefinitionIndex {
  /** Active definitions of that position and event which its words do not rule out, in ordering, then id. */
  find(position: Position, event: string, words: EventWords): readonly CompiledDefinition[];
  /** All that can be used, the inactive ones too, in ordering, then id. */
  readonly definitions: readonly CompiledDefinition[];
  readonly broken: readonly BrokenDefinition[];
}

export interface DefinitionLibrary {
  current(now: number): Promise<DefinitionIndex>;
  byVersion(id: number, version: number): Promise<Compiled | undefined>;
}

/** "Seen everywhere within 5 seconds". */
const REVALIDATE_AFTER_MS = 5000;

export function definitionLibrary(store: DefinitionStore): DefinitionLibrary {
  const compiled = new Map<string, Compiled>();
  let index: DefinitionIndex = indexDefinitions([]);
  let set: number | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const load = async (current: number): Promise<DefinitionIndex> => {
    const wanted = await store.readSet(current);
    const missing = new Map([...wanted].filter(([id, version]) => !compiled.has(key(id, version))));
    for (const stored of await store.readMany(missing)) {
      compiled.set(key(stored.id, stored.version), await compileDefinition(stored));
    }
    const inUse = new Set([...wanted].map(([id, version]) => key(id, version)));
    for (const known of compiled.keys()) if (!inUse.has(known)) compiled.delete(known);
    return indexDefinitions([...compiled.values()]);
  };

  return {
    async current(now) {
      if (now - checkedAt < REVALIDATE_AFTER_MS) return index;
      const current = await store.currentSet();
      if (current !== set) index = await load(current);
      set = current;
      checkedAt = now;
      return index;
    },

    async byVersion(id, version) {
      const known = compiled.get(key(id, version));
      if (known) return known;
      const stored = await store.read(id, version);
      if (!stored) return undefined;
      const result = await compileDefinition(stored);
      compiled.set(key(id, version), result);
      return result;
    },
  };
}

function key(id: number, version: number): string {
  return `${id}@${version}`;
}

/** Indexes a set. */
export function indexDefinitions(all: readonly Compiled[]): DefinitionIndex {
  const definitions = all.filter((one) => one.ok).map((one) => one.compiled);
  definitions.sort((a, b) => a.definition.ordering - b.definition.ordering || a.definition.id - b.definition.id);
  const byEvent = new Map<string, CompiledDefinition[]>();
  for (const compiled of definitions) {
    const { active, event, position } = compiled.definition;
    for (const name of active ? event : []) {
      const list = byEvent.get(`${position}:${name}`);
      if (list) list.push(compiled);
      else byEvent.set(`${position}:${name}`, [compiled]);
    }
  }
  const indexes = new Map<string, WordIndex>([...byEvent].map(([key, list]) => [key, wordIndex(list)]));
  return {
    find: (position, event, words) => indexes.get(`${position}:${event}`)?.find(words) ?? [],
    definitions,
    broken: all.filter((one) => !one.ok).map((one) => one.broken),
  };
}
