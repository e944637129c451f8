/**
 * Caches compiled definitions in a running instance. Dispatch uses the applied set, which one small read revalidates at
 * most every five seconds. Actions use single versions, whose content never changes. Explain and replay compile a whole
 * set at once.
 */
import { type Compiled, compileDefinition, type Partition, partition } from './compile.ts';
import { type DefinitionIndex, indexDefinitions } from './definition-index.ts';
import type { DefinitionStore, StoredDefinition } from './store.ts';

export interface DefinitionCache {
  /** Returns the index of the applied set. @param now the instance's clock, in milliseconds since 1970 */
  current(now: number): Promise<DefinitionIndex>;
  /** Returns one version of a definition, applied or not; `undefined`: it was never saved. */
  byVersion(id: number, version: number): Promise<Compiled | undefined>;
}

/** A change is applied everywhere within 5 seconds. */
const REVALIDATE_AFTER_MS = 5000;

/** Makes the cache of an instance. */
export function definitionCache(store: DefinitionStore): DefinitionCache {
  let stored = new Map<string, StoredDefinition>();
  const compiled = new Map<string, Promise<Compiled>>();
  let index: DefinitionIndex = indexDefinitions([], compileDefinition);
  let set: number | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const compile = (definition: StoredDefinition): Promise<Compiled> => {
    const known = compiled.get(keyOf(definition));
    if (known) return known;
    const result = compileDefinition(definition);
    compiled.set(keyOf(definition), result);
    return result;
  };

  const load = async (current: number): Promise<DefinitionIndex> => {
    const wanted = await store.readSet(current);
    const isKnown = (id: number, version: number): boolean => stored.has(keyOf({ id, version }));
    const missing = await store.readMany(new Map([...wanted].filter(([id, version]) => !isKnown(id, version))));
    const kept = [...stored.values()].filter(({ id, version }) => wanted.get(id) === version);
    stored = new Map([...kept, ...missing].map((definition) => [keyOf(definition), definition]));
    for (const known of compiled.keys()) if (!stored.has(known)) compiled.delete(known);
    return indexDefinitions([...stored.values()], compile);
  };

  return {
    async current(now) {
      if (now - checkedAt < REVALIDATE_AFTER_MS) return index;
      const current = await store.currentSetNumber();
      if (current !== set) index = await load(current);
      set = current;
      checkedAt = now;
      return index;
    },

    async byVersion(id, version) {
      const known = compiled.get(keyOf({ id, version }));
      if (known) return known;
      const definition = await store.read(id, version);
      return definition && compile(definition);
    },
  };
}

function keyOf({ id, version }: Pick<StoredDefinition, 'id' | 'version'>): string {
  return `${id}@${version}`;
}

/** A whole set, inactive and broken definitions included, by ordering, then id: the applied set or a proposal. */
export interface DefinitionSet extends DefinitionCache, Partition {
  readonly index: DefinitionIndex;
}

/** Compiles a whole set. A definition that is only proposed has version 0. */
export async function compileSet(stored: readonly StoredDefinition[]): Promise<DefinitionSet> {
  const compiled = new Map(await Promise.all(stored.map(async (one) => [one, await compileDefinition(one)] as const)));
  const index = indexDefinitions(stored, async (one) => compiled.get(one) ?? compileDefinition(one));
  const all = await index.all();
  const byId = new Map(all.map((one) => [one.ok ? one.compiled.definition.id : one.broken.id, one]));
  return {
    index,
    ...partition(all),
    current: async () => index,
    byVersion: async (id) => byId.get(id),
  };
}

/** Reads the applied set. */
export async function compileCurrentSet(store: DefinitionStore): Promise<DefinitionSet> {
  return compileSet(await store.readMany(await store.readSet(await store.currentSetNumber())));
}
