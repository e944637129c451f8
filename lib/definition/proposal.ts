/** A set of definitions that is not applied, ready to be tried out: checked as if it were to be saved. */
import { compileSet, type DefinitionSet } from './definition-set.ts';
import type { InputFile } from './input.ts';
import { NOTHING, propose } from './propose.ts';

/**
 * The whole set that files propose.
 *
 * @param current what is applied: a definition that is known by its name alone has the id that it has there
 * @throws Refusal with every fault of every file
 */
export async function proposedDefinitions(files: readonly InputFile[], current: DefinitionSet): Promise<DefinitionSet> {
  const bodies = new Map(current.definitions.map(({ definition }) => [definition.id, definition]));
  const { definitions } = await propose(files, { ...NOTHING, bodies }, 'replace');
  return compileSet(definitions.map((body) => ({ id: body.id, version: 0, body })));
}
