/** What became of a definition: its versions that were in force, and the way back to one of them. */

import { findAction } from '../action/catalogue.ts';
import { ACTION_NAMES } from '../action/table.ts';
import { TokenwrightError } from '../base/error.ts';
import { Refusal } from '../schema/validate.ts';
import type { SecretBox } from '../secret/box.ts';
import { checkDefinitions } from './check.ts';
import { commit, readCurrentSet } from './commit.ts';
import { diffVersions, type FieldChange } from './diff.ts';
import { openBody, sealDefinitions } from './sealed-options.ts';
import type { DefinitionStore, Note, SavedVersion } from './store.ts';

export interface PastVersion extends SavedVersion {
  readonly applied: boolean;
  /** What it changed of the one before it. */
  readonly changes: readonly FieldChange[];
}

/**
 * The versions of a definition that are or were in force, newest first.
 *
 * @throws TokenwrightError `unknown_definition` where none ever was
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
 * Puts the contents of a former version in force again, as a new version; also of a definition that was deleted.
 *
 * @param box opens its secrets, so that they can be checked, and seals them again
 * @returns the new version's number
 * @throws TokenwrightError `unknown_definition`, `unknown_version`, `definitions_changed`
 */
export async function rollBack(
  store: DefinitionStore,
  box: SecretBox,
  id: number,
  version: number,
  note: Note,
): Promise<number> {
  const set = await readCurrentSet(store);
  const history = await historyOf(store, id);
  const former = history.find((one) => one.version === version);
  const known = history.filter(({ body }) => body !== null && body !== undefined);
  if (!former || !known.includes(former)) {
    const message = `there is no version ${version} of definition ${id} to go back to`;
    const allowed = known.map((one) => String(one.version));
    throw new TokenwrightError('unknown_version', message, { given: version, allowed });
  }
  const { definitions, errors } = await checkDefinitions(
    [await openBody(former.body, id, box)],
    findAction,
    ACTION_NAMES,
  );
  if (errors.length > 0) throw new Refusal(errors.map((error) => error.under(`version ${version}`)));
  const [sealed] = await sealDefinitions(definitions, box);
  const { versions } = await commit(store, set, [{ id, body: sealed }], note);
  return versions.get(id) ?? version;
}

export function unknownDefinition(id: number | string): TokenwrightError {
  return new TokenwrightError('unknown_definition', `there is no definition ${id}`, { given: id });
}
