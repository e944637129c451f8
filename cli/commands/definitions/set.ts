import { Command, Option } from '@commander-js/extra-typings';
import { TokenwrightError } from '../../../lib/base/error.ts';
import { applyProposal, type Proposal } from '../../../lib/definition/propose.ts';
import { viewProposal } from '../../../lib/definition/view.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption, type NoteChoice, noteOf } from '../../definitions/note.ts';
import { fileArgument, proposeFile } from '../../definitions/propose-file.ts';
import { reportSaved } from '../../definitions/report.ts';
import { describeProposal, printNotes, tellWayBack } from '../../definitions/show-changes.ts';
import { colours } from '../../output/display.ts';
import { FileRefusal } from '../../output/errors.ts';

export const replaceOption = new Option('--replace', 'also replace a definition of another name that has the same id');
export const dryRunOption = new Option(
  '--dry-run',
  'show what would be added and changed, as "plan" does; save nothing',
);

export const set = new Command('set')
  .summary('add or change definitions; all others stay')
  .description(`
Saves the definitions of a file. A definition whose id exists, or without an id whose name exists, gets a new version if
something changed; others are added. Definitions that are not in the file stay ("apply" deletes them). All faults are
reported at once, and then nothing is saved.
`)
  .addArgument(fileArgument)
  .addOption(dryRunOption)
  .addOption(replaceOption)
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples(
      'definitions set examples/definitions.yaml --dry-run',
      'definitions set examples/definitions.yaml --message "visitors stay a day" --by ada',
    ),
  )
  .action((file, options) => merge('set', file, options));

interface MergeChoice extends NoteChoice {
  readonly dryRun?: true | undefined;
  readonly replace?: true | undefined;
  readonly json?: true | undefined;
}

/** Adds the definitions of a file to the applied ones. @param how `set` or `import` */
export async function merge(how: string, file: string, options: MergeChoice): Promise<void> {
  const { json, replace, dryRun } = options;
  const { store, proposal } = await proposeFile(file, 'merge', options);
  const replaced = replace ? [] : replacedByOthers(proposal);
  if (dryRun && json) {
    process.stdout.write(`${JSON.stringify(viewProposal(proposal), null, 2)}\n`);
    return;
  }
  printNotes(json ? { ...proposal, warnings: [] } : proposal);
  if (dryRun) process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
  if (replaced.length > 0) throw new FileRefusal(file, replaced);
  if (dryRun) return;
  const versions = await applyProposal(store, proposal, await noteOf(how, options));
  reportSaved(how === 'import' ? 'imported' : 'saved', versions, proposal, options);
  if (!json) tellWayBack(proposal);
}

/** Refuses definitions that would replace one of another name, so that nobody does so by oversight. */
function replacedByOthers({ changes, definitions }: Proposal): TokenwrightError[] {
  return changes.flatMap(({ id, kind, fields }) => {
    const { before = '', after = '' } = fields.find(({ path }) => path === 'name') ?? {};
    if (kind !== 'change' || before === '' || after === '') return [];
    const message = `#${id} is ${JSON.stringify(before)}, which ${JSON.stringify(after)} would replace`;
    const path = `definitions[${definitions.findIndex((one) => one.id === id)}].id`;
    return [
      new TokenwrightError('definition_exists', message, { path, allowed: 'another id, none at all, or --replace' }),
    ];
  });
}
