/**
 * Computes what files would change: the difference to the applied set, the warnings, and the edits. Used by plan and
 * apply (the files replace the set) and by set and import (other definitions stay).
 */
import { findAction } from '../action/catalogue.ts';
import { ACTION_NAMES } from '../action/table.ts';
import { Refusal } from '../schema/validate.ts';
import type { SecretBox } from '../secret/box.ts';
import { type CheckedDefinitions, checkInputs } from './check.ts';
import { type CurrentDefinitions, commit, type Edit, editsBetween } from './commit.ts';
import { compileSet, type DefinitionSet } from './definition-cache.ts';
import { type DefinitionChange, diffDefinitions } from './diff.ts';
import { uncheckedFields } from './header.ts';
import { type InputFile, identify, ignoredKeys, listInput } from './input.ts';
import { type DefinitionFinding, lintDefinitions } from './lint.ts';
import { unmask } from './masked.ts';
import { sealDefinitions } from './sealed-options.ts';
import type { ChangeNote, DefinitionStore } from './store.ts';

/** `replace` deletes the definitions that the files do not name. */
export type Mode = 'replace' | 'merge';

export interface Proposal extends Pick<CheckedDefinitions, 'definitions' | 'leftOut'> {
  /** The set that it is based on. It can be applied as long as that set is the current one. */
  readonly current: CurrentDefinitions;
  readonly edits: readonly Edit[];
  readonly changes: readonly DefinitionChange[];
  readonly warnings: readonly DefinitionFinding[];
  /** Keys of a whole configuration that are ignored. */
  readonly ignored: readonly string[];
}

/** The empty set: nothing is applied, or it does not matter. */
export const NOTHING: CurrentDefinitions = {
  set: { number: 0, live: new Map(), deleted: new Map() },
  bodies: new Map(),
};

/**
 * Checks files and compares them with the applied set. Writes nothing.
 *
 * @param box seals secrets; without it the proposal cannot be applied
 * @throws Refusal with all errors of all files
 */
export async function propose(
  files: readonly InputFile[],
  current: CurrentDefinitions,
  mode: Mode,
  box?: SecretBox,
): Promise<Proposal> {
  const { bodies } = current;
  const listed = listInput(files);
  const identified = identify(listed.inputs, knownOf(bodies), [...bodies.keys(), ...current.set.deleted.keys()]);
  const unmasked = await unmask(identified.inputs, bodies, box);
  const checked = await checkInputs(unmasked.inputs, findAction, ACTION_NAMES);
  const errors = [...listed.errors, ...identified.errors, ...unmasked.errors, ...checked.errors];
  if (errors.length > 0) throw new Refusal(errors);

  const { leftOut } = checked;
  const definitions = box ? await sealDefinitions(checked.definitions, box) : checked.definitions;
  const named = new Set(definitions.map(({ id }) => id));
  const gone = mode === 'replace' ? [...current.set.live.keys()].filter((id) => !named.has(id)) : [];
  const after = new Map<number, unknown>([...bodies, ...definitions.map((one) => [one.id, one] as const)]);
  for (const id of gone) after.delete(id);
  return {
    current,
    edits: editsBetween(bodies, after),
    definitions,
    leftOut,
    changes: diffDefinitions(bodies, after),
    warnings: lintDefinitions(checked.definitions, after),
    ignored: [...new Set(files.flatMap(ignoredKeys))],
  };
}

/**
 * Applies a proposal.
 *
 * @returns the version of each definition that the files name, and of each that was deleted
 * @throws TokenwrightError `definitions_changed` if someone else has changed the set since
 */
export async function applyProposal(
  store: DefinitionStore,
  { current, edits, definitions }: Proposal,
  note: ChangeNote,
): Promise<ReadonlyMap<number, number>> {
  const { versions } = await commit(store, current.set, edits, note);
  const unchanged = definitions.filter(({ id }) => !versions.has(id));
  return new Map([...unchanged.map(({ id }) => [id, current.set.live.get(id) ?? 0] as const), ...versions]);
}

function knownOf(bodies: ReadonlyMap<number, unknown>) {
  return [...bodies].flatMap(([id, body]) => {
    const { name } = uncheckedFields(body);
    return name === undefined ? [] : [{ id, name: String(name) }];
  });
}

/**
 * Compiles the whole set that files propose, as explain tries it out.
 *
 * @param current the applied set, in which a definition without an id is found by its name
 * @throws Refusal with all errors of all files
 */
export async function proposedDefinitions(files: readonly InputFile[], current: DefinitionSet): Promise<DefinitionSet> {
  const bodies = new Map(current.definitions.map(({ definition }) => [definition.id, definition]));
  const { definitions } = await propose(files, { ...NOTHING, bodies }, 'replace');
  return compileSet(definitions.map((body) => ({ id: body.id, version: 0, body })));
}
