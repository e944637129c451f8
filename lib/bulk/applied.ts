/**
 * Whether a run's definition is still applied as it was when the run began: changed, made inactive or taken out, it
 * stops the walk at the next turn. Who mends a wrong definition must not have to watch it go on.
 */
import type { LiveVersions } from '../definition/set-store.ts';
import type { DefinitionStore } from '../definition/store.ts';
import type { BulkRun } from '../event/bulk.ts';

/** One small read each time; what a set says is remembered while it is the current one. */
export function definitionsApplied(
  store: Pick<DefinitionStore, 'currentSet' | 'readSet'>,
): (run: BulkRun) => Promise<boolean> {
  let set: number | undefined;
  let versions: LiveVersions = new Map();
  return async ({ slip }) => {
    const current = await store.currentSet();
    if (current !== set) [versions, set] = [await store.readSet(current), current];
    return slip.steps.every(({ definition, version }) => versions.get(definition) === version);
  };
}
