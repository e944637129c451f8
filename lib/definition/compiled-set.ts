/** A whole set of definitions in memory, also inactive and broken ones: the one in force, or one that is not applied. */
import { compileDefinition } from './compile.ts';
import { type DefinitionIndex, type DefinitionLibrary, indexDefinitions } from './library.ts';
import type { DefinitionStore, StoredDefinition } from './store.ts';

export interface CompiledSet extends DefinitionLibrary {
  readonly index: DefinitionIndex;
}

/** Compiles a set. The version of a definition that is not applied is 0. */
export async function compileSet(stored: readonly StoredDefinition[]): Promise<CompiledSet> {
  const all = await Promise.all(stored.map(compileDefinition));
  const index = indexDefinitions(all);
  const byId = new Map(all.map((one) => [one.ok ? one.compiled.definition.id : one.broken.id, one]));
  return { index, current: async () => index, byVersion: async (id) => byId.get(id) };
}

/** The set in force. */
export async function currentSet(store: DefinitionStore): Promise<CompiledSet> {
  return compileSet(await store.readMany(await store.readSet(await store.currentSet())));
}
