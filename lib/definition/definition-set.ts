/** Holds a whole set of definitions in memory, inactive and broken ones too: the applied set, or a proposed one. */
import { compileDefinition, type Partition, partition } from './compile.ts';
import type { DefinitionCache } from './definition-cache.ts';
import { type DefinitionIndex, indexDefinitions } from './definition-index.ts';
import type { DefinitionStore, StoredDefinition } from './store.ts';

/** In ordering, then id. */
export interface DefinitionSet extends DefinitionCache, Partition {
  readonly index: DefinitionIndex;
}

/** Compiles a set. The version of a definition that is not applied is 0. */
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
export async function currentSet(store: DefinitionStore): Promise<DefinitionSet> {
  return compileSet(await store.readMany(await store.readSet(await store.currentSet())));
}
