import { readCurrent } from '../../../lib/definition/commit.ts';
import { propose, putInForce } from '../../../lib/definition/propose.ts';
import { type Arguments, type Command, noMoreThan, UsageError } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { openStore, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { reportSaved } from '../../definitions/report.ts';
import { printNotes } from '../../definitions/show-changes.ts';
import { inFile } from '../../errors.ts';

export const set: Command = {
  summary: 'add definitions, or change those that are there; the others stay',
  help: `
Usage: tokenwright definitions set FILE [--message TEXT] [--by NAME] [--json] [--stage NAME]

Saves the definitions of FILE (JSON or YAML; a folder with such files; "-" is standard input): new ones are added,
those whose id, or whose name alone, is there already get a new version where something changed; the others stay. All
faults are reported at once, and then nothing is saved. "apply" makes the whole set what the file says.

${NOTE_HELP}
${STACK_CHOICE_HELP}

Examples:
  npx tokenwright definitions set examples/definitions.yaml
  npx tokenwright definitions set examples/definitions.yaml --message "visitors stay a day" --by ada
`,
  options: { ...STACK_CHOICE, ...NOTE_OPTIONS },
  run: (args) => merge('set', args),
};

/** Adds the definitions of a file to those in force. @param how `set` or `import` */
export async function merge(how: string, args: Arguments): Promise<number> {
  const [file] = args.positionals;
  noMoreThan(1, args);
  if (file === undefined) throw new UsageError('takes a FILE');
  const files = await inFile(file, () => readDefinitionFiles(file));
  const store = await openStore(args);
  const current = await readCurrent(store);
  const proposal = await inFile(file, () => propose(files, current, 'merge', store.box));
  printNotes(args.values.json ? { ...proposal, warnings: [] } : proposal);
  const versions = await putInForce(store, proposal, await noteOf(how, args));
  return reportSaved(how === 'import' ? 'imported' : 'saved', versions, proposal, args);
}
