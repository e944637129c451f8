/** Saves definitions: new versions of those given beside the others, under one new set. */
import type { Definition } from './definition.ts';
import type { DefinitionStore } from './store.ts';

/**
 * Adds definitions to the current set; one whose id is there already gets a new version.
 *
 * @returns the versions that were saved
 * @throws TokenwrightError `definitions_changed` where someone else saved in between: nothing is in force then
 */
export async function saveDefinitions(
  store: DefinitionStore,
  definitions: readonly Definition[],
): Promise<ReadonlyMap<number, number>> {
  const from = await store.currentSet();
  const set = new Map(await store.readSet(from));
  const saved = new Map<number, number>();
  for (const definition of definitions) saved.set(definition.id, await store.save(definition.id, definition));
  for (const [id, version] of saved) set.set(id, version);
  await store.apply(from, set);
  return saved;
}

/** Takes definitions out of the current set; their versions stay. @returns how many were in it */
export async function removeDefinitions(store: DefinitionStore, ids: readonly number[]): Promise<number> {
  const from = await store.currentSet();
  const set = new Map(await store.readSet(from));
  const removed = ids.filter((id) => set.delete(id)).length;
  if (removed > 0) await store.apply(from, set);
  return removed;
}
