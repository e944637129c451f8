/** Reads the history of a definition, and rolls back to an earlier version or to a whole earlier set. */

import { findAction } from '../action/catalogue.ts';
import { ACTION_NAMES } from '../action/table.ts';
import { TokenwrightError } from '../base/error.ts';
import { Refusal } from '../schema/validate.ts';
import type { SecretBox } from '../secret/box.ts';
import { checkDefinitions } from './check.ts';
import { commit, type Edit, editsBetween, readCurrentSet } from './commit.ts';
import { diffVersions, type FieldChange } from './diff.ts';
import { openBody, sealDefinitions } from './sealed-options.ts';
import type { LiveVersions } from './set-store.ts';
import type { ChangeNote, DefinitionStore, SavedVersion, StoredDefinition } from './store.ts';

export interface PastVersion extends SavedVersion {
  readonly applied: boolean;
  /** The changes since the version before it. */
  readonly changes: readonly FieldChange[];
}

/**
 * Returns the versions of a definition that are or were applied, newest first.
 *
 * @throws TokenwrightError `unknown_definition` if there never was one
 */
export async function historyOf(store: DefinitionStore, id: number): Promise<PastVersion[]> {
  const { live, deleted } = await readCurrentSet(store);
  const saved = await store.versions(id);
  const byVersion = new Map(saved.map((one) => [one.version, one]));
  const newest = live.get(id) ?? deleted.get(id) ?? saved.find(({ note }) => note === null)?.version ?? 0;
  const history: PastVersion[] = [];
  for (let one = byVersion.get(newest); one !== undefined; one = byVersion.get(one.after)) {
    const before = byVersion.get(one.after)?.body ?? null;
    history.push({ ...one, applied: live.get(id) === one.version, changes: diffVersions(before, one.body) });
  }
  if (history.length === 0) throw unknownDefinition(id);
  return history;
}

/**
 * Applies the contents of an earlier version again, as a new version. Also restores a deleted definition.
 *
 * @param box opens its secrets to check them, and seals them again
 * @returns the applied version; the current one if it has these contents already
 * @throws TokenwrightError `unknown_definition`, `unknown_version`, `definitions_changed`
 */
export async function rollBack(
  store: DefinitionStore,
  box: SecretBox,
  id: number,
  version: number,
  note: ChangeNote,
): Promise<{ readonly version: number; readonly isUnchanged: boolean }> {
  const set = await readCurrentSet(store);
  const history = await historyOf(store, id);
  const former = history.find((one) => one.version === version);
  const known = history.filter(({ body }) => body !== null && body !== undefined);
  if (!former || !known.includes(former)) {
    const message = `there is no version ${version} of definition ${id} to go back to`;
    const allowed = known.map((one) => String(one.version));
    throw new TokenwrightError('unknown_version', message, { given: version, allowed });
  }
  const [present] = history;
  if (present?.applied && diffVersions(present.body, former.body).length === 0) {
    return { version: present.version, isUnchanged: true };
  }
  const { versions } = await commit(store, set, [await restored(former, box)], note);
  return { version: versions.get(id) ?? version, isUnchanged: false };
}

/**
 * Applies a whole earlier set again, as a new one. Definitions that it did not have are deleted.
 *
 * @returns the new version of each definition that changes
 * @throws TokenwrightError `unknown_version` if there is no such set, `definitions_changed`
 */
export async function rollBackSet(
  store: DefinitionStore,
  box: SecretBox,
  number: number,
  note: ChangeNote,
): Promise<ReadonlyMap<number, number>> {
  const set = await readCurrentSet(store);
  const former = await store.readWholeSet(number);
  if (number > set.number || former.live.size + former.deleted.size === 0) {
    const message = `there is no set ${number} to go back to`;
    throw new TokenwrightError('unknown_version', message, { given: number, allowed: `1 to ${set.number}` });
  }
  const [before, after] = await Promise.all([set.live, former.live].map(async (live) => bodiesOf(store, live)));
  const edits = editsBetween(before ?? new Map(), after ?? new Map()).map(async ({ id, body }) =>
    body === null ? { id, body } : restored({ id, version: former.live.get(id) ?? 0, body }, box),
  );
  const { versions } = await commit(store, set, await Promise.all(edits), note);
  return versions;
}

async function bodiesOf(store: DefinitionStore, live: LiveVersions): Promise<Map<number, unknown>> {
  return new Map((await store.readMany(live)).map(({ id, body }) => [id, body]));
}

/** Checks an earlier version as if it were new. @throws Refusal if it is no longer accepted */
async function restored({ id, version, body }: StoredDefinition, box: SecretBox): Promise<Edit> {
  const { definitions, errors } = await checkDefinitions([await openBody(body, id, box)], findAction, ACTION_NAMES);
  if (errors.length > 0) throw new Refusal(errors.map((error) => error.under(`version ${version}`)));
  const [sealed] = await sealDefinitions(definitions, box);
  return { id, body: sealed };
}

/** Makes the error of an id that no definition has. */
export function unknownDefinition(id: number | string): TokenwrightError {
  return new TokenwrightError('unknown_definition', `there is no definition ${id}`, { given: id });
}
