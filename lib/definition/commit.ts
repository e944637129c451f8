/**
 * Writes changes of definitions: new versions of what changes, a new set that names them, and the pointer to that set,
 * which moves only if nobody else has moved it since the current set was read.
 */
import { inFlight } from '../base/concurrency.ts';
import { type Bodies, diffDefinitions } from './diff.ts';
import type { WholeSet } from './set-store.ts';
import type { ChangeNote, DefinitionStore } from './store.ts';

/** The applied set at the time when it was read to be changed. */
export interface CurrentSet extends WholeSet {
  /** 0 if nothing was ever saved. */
  readonly number: number;
}

/** The applied set and its definitions, by id. */
export interface CurrentDefinitions {
  readonly set: CurrentSet;
  readonly bodies: Bodies;
}

/** A definition's new contents; `null` deletes it. */
export interface Edit {
  readonly id: number;
  readonly body: unknown;
}

/** Computes the edits that turn one set into another. */
export function editsBetween(before: Bodies, after: Bodies): Edit[] {
  return diffDefinitions(before, after).map(({ id }) => ({ id, body: after.get(id) ?? null }));
}

/** Reads the versions of the applied set. */
export async function readCurrentSet(store: DefinitionStore): Promise<CurrentSet> {
  const number = await store.currentSetNumber();
  return { number, ...(await store.readWholeSet(number)) };
}

/** Reads the applied set and its definitions. */
export async function readCurrent(store: DefinitionStore): Promise<CurrentDefinitions> {
  const set = await readCurrentSet(store);
  const stored = await store.readMany(set.live);
  return { set, bodies: new Map(stored.sort((a, b) => a.id - b.id).map(({ id, body }) => [id, body])) };
}

/**
 * Applies edits, all or none.
 *
 * @param from the set that the edits are based on
 * @returns the new set's number, and each edited definition's version
 * @throws TokenwrightError `definitions_changed` if someone else has moved the pointer since
 */
export async function commit(
  store: DefinitionStore,
  from: CurrentSet,
  edits: readonly Edit[],
  note: ChangeNote,
): Promise<{ readonly set: number; readonly versions: ReadonlyMap<number, number> }> {
  if (edits.length === 0) return { set: from.number, versions: new Map() };
  const [live, deleted] = [new Map(from.live), new Map(from.deleted)];
  const saved = await inFlight(edits, async ({ id, body }) => {
    const after = live.get(id) ?? deleted.get(id) ?? 0;
    return [id, await store.save({ id, body, after, note })] as const;
  });
  const versions = new Map(saved);
  for (const { id, body } of edits) {
    live.delete(id);
    deleted.delete(id);
    (body === null ? deleted : live).set(id, versions.get(id) ?? 0);
  }
  return { set: await store.apply(from.number, { live, deleted }), versions };
}
