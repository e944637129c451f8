import { putInForce } from '../../../lib/definition/propose.ts';
import type { Arguments, Command } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { proposeFile } from '../../definitions/propose-file.ts';
import { reportSaved } from '../../definitions/report.ts';
import { printNotes } from '../../definitions/show-changes.ts';

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
  const { store, proposal } = await proposeFile(args, 'merge');
  printNotes(args.values.json ? { ...proposal, warnings: [] } : proposal);
  const versions = await putInForce(store, proposal, await noteOf(how, args));
  return reportSaved(how === 'import' ? 'imported' : 'saved', versions, proposal, args);
}
