/** Whether a definition is still in force: taking it out, or making it inactive, stops its walk at the next turn. */
import { headerOf } from '../definition/compile.ts';
import type { DefinitionStore } from '../definition/store.ts';

/** One small read each time; what a set says is remembered while it is the current one. */
export function definitionsInForce(
  store: Pick<DefinitionStore, 'currentSet' | 'readSet' | 'read'>,
): (id: number) => Promise<boolean> {
  let set: number | undefined;
  let known = new Map<number, boolean>();
  return async (id) => {
    const current = await store.currentSet();
    if (current !== set) [set, known] = [current, new Map()];
    const answer = known.get(id) ?? (await isActive(store, current, id));
    known.set(id, answer);
    return answer;
  };
}

async function isActive(store: Pick<DefinitionStore, 'readSet' | 'read'>, set: number, id: number): Promise<boolean> {
  const version = (await store.readSet(set)).get(id);
  const stored = version === undefined ? undefined : await store.read(id, version);
  return stored !== undefined && headerOf(stored.body).events.length > 0;
}
