/** A whole set of definitions in memory, also inactive and broken ones: the one in force, or one that is not applied. */
import { compileDefinition, type Partition, partition } from './compile.ts';
import type { DefinitionLibrary } from './definition-cache.ts';
import { type DefinitionIndex, indexDefinitions } from './definition-index.ts';
import type { DefinitionStore, StoredDefinition } from './store.ts';

/** In ordering, then id. */
export interface CompiledSet extends DefinitionLibrary, Partition {
  readonly index: DefinitionIndex;
}

/** Compiles a set. The version of a definition that is not applied is 0. */
export async function compileSet(stored: readonly StoredDefinition[]): Promise<CompiledSet> {
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

/** The set in force. */
export async function currentSet(store: DefinitionStore): Promise<CompiledSet> {
  return compileSet(await store.readMany(await store.readSet(await store.currentSet())));
}
