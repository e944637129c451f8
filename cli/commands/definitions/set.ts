import { Command } from '@commander-js/extra-typings';
import { putInForce } from '../../../lib/definition/propose.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption, type NoteChoice, noteOf } from '../../definitions/note.ts';
import { fileArgument, proposeFile } from '../../definitions/propose-file.ts';
import { reportSaved } from '../../definitions/report.ts';
import { printNotes } from '../../definitions/show-changes.ts';

export const set = new Command('set')
  .summary('add definitions, or change those that are there; the others stay')
  .description(`
Saves the definitions of a file: new ones are added, those whose id, or whose name alone, is there already get a new
version where something changed; the others stay. All faults are reported at once, and then nothing is saved. "apply"
makes the whole set what the file says.
`)
  .addArgument(fileArgument)
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples(
      'definitions set examples/definitions.yaml',
      'definitions set examples/definitions.yaml --message "visitors stay a day" --by ada',
    ),
  )
  .action((file, options) => merge('set', file, options));

/** Adds the definitions of a file to those in force. @param how `set` or `import` */
export async function merge(
  how: string,
  file: string,
  options: NoteChoice & { readonly json?: true | undefined },
): Promise<void> {
  const { store, proposal } = await proposeFile(file, 'merge', options);
  printNotes(options.json ? { ...proposal, warnings: [] } : proposal);
  const versions = await putInForce(store, proposal, await noteOf(how, options));
  reportSaved(how === 'import' ? 'imported' : 'saved', versions, proposal, options);
}
