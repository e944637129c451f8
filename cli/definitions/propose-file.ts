/** Compares a file of definitions with those that are applied on a stack. */
import { Argument } from '@commander-js/extra-typings';
import { readCurrent } from '../../lib/definition/commit.ts';
import { type Mode, type Proposal, propose } from '../../lib/definition/propose.ts';
import type { StackChoice } from '../command.ts';
import { inFile } from '../output/errors.ts';
import { openStore, type StackDefinitions } from './open-store.ts';
import { readDefinitionFiles } from './read-files.ts';
import { unknownNames } from './unknown-names.ts';

export const fileArgument = new Argument(
  '<file>',
  'definitions, JSON or YAML; or a folder of such files; "-" is standard input',
);

export interface ProposedFile {
  readonly store: StackDefinitions;
  readonly proposal: Proposal;
}

/**
 * Reads a file and compares it with the applied definitions.
 *
 * @param mode whether definitions that are not in the file are deleted
 * @throws FileRefusal with every fault of the file
 * @throws TokenwrightError `no_stack`
 */
export async function proposeFile(file: string, mode: Mode, stack: StackChoice): Promise<ProposedFile> {
  const files = await inFile(file, () => readDefinitionFiles(file));
  const store = await openStore(stack);
  const current = await readCurrent(store);
  const proposal = await inFile(file, () => propose(files, current, mode, store.box));
  const unknown = await unknownNames(proposal.definitions, store.tables);
  return { store, proposal: { ...proposal, warnings: [...proposal.warnings, ...unknown] } };
}
