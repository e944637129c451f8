/** The file of definitions that a command is given, compared with what is in force on the stack that it works on. */
import { readCurrent } from '../../lib/definition/commit.ts';
import { type Mode, type Proposal, propose } from '../../lib/definition/propose.ts';
import { type Arguments, noMoreThan, UsageError } from '../command.ts';
import { inFile } from '../errors.ts';
import type { StackDefinitions } from '../secrets.ts';
import { openStore } from './open-store.ts';
import { readDefinitionFiles } from './read-files.ts';

export interface ProposedFile {
  readonly store: StackDefinitions;
  readonly proposal: Proposal;
}

/**
 * @param mode whether definitions that the file does not name are deleted
 * @throws UsageError where no file is given
 * @throws FileRefusal with every fault of the file
 * @throws TokenwrightError `no_stack`
 */
export async function proposeFile(args: Arguments, mode: Mode): Promise<ProposedFile> {
  const file = fileOf(args);
  const files = await inFile(file, () => readDefinitionFiles(file));
  const store = await openStore(args);
  const current = await readCurrent(store);
  return { store, proposal: await inFile(file, () => propose(files, current, mode, store.box)) };
}

/** The one argument of a command that takes a file. @throws UsageError where it is missing, or not the only one */
export function fileOf(args: Arguments): string {
  const [file] = args.positionals;
  noMoreThan(1, args);
  if (file === undefined) throw new UsageError('takes a FILE');
  return file;
}
