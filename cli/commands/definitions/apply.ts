import { Command } from '@commander-js/extra-typings';
import { applyProposal } from '../../../lib/definition/propose.ts';
import { viewProposal } from '../../../lib/definition/view.ts';
import { Ended, examples, jsonOption, stageOption, UsageError } from '../../command.ts';
import { byOption, messageOption, noteOf } from '../../definitions/note.ts';
import { fileArgument, proposeFile } from '../../definitions/propose-file.ts';
import { describeProposal, printNotes, tellWayBack } from '../../definitions/show-changes.ts';
import { confirm } from '../../input/ask.ts';
import { colours } from '../../output/display.ts';

export const apply = new Command('apply')
  .summary('make the set of definitions what a file says')
  .description(`
Shows what "plan" shows, asks, and makes it so, all or nothing: the set becomes what the file says, and definitions that
are not in it are deleted ("set" leaves them). Refused where someone else changed the definitions in between.
`)
  .addArgument(fileArgument)
  .option('--yes', 'do not ask; without a terminal nobody can be asked, so it is needed there, and with --json')
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples(
      'definitions apply definitions/ --message "visitors stay a day"',
      'definitions apply definitions.yaml --yes --by pipeline --stage prod',
    ),
  )
  .action(async (file, options) => {
    const { json, yes, stage } = options;
    if (!yes) requireTerminal(file, json);
    const { store, proposal } = await proposeFile(file, 'replace', options);
    if (!json) {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
      if (proposal.changes.length === 0) return;
      if (!yes && !(await confirm(questionFor(stage)))) {
        process.stderr.write('not applied: nothing was changed\n');
        throw new Ended(1);
      }
    }
    const versions = await applyProposal(store, proposal, await noteOf('apply', options));
    const changed = proposal.changes.map(({ id }) => ({ id, version: versions.get(id) }));
    if (json) process.stdout.write(`${JSON.stringify({ applied: changed, ...viewProposal(proposal) }, null, 2)}\n`);
    else {
      process.stdout.write(`Applied: ${changed.map(({ id, version }) => `#${id} v${version}`).join(', ')}\n`);
      tellWayBack(proposal);
    }
  });

/** @throws UsageError where nobody can be asked */
function requireTerminal(file: string, json: true | undefined): void {
  if (json) throw new UsageError('with --json asks nobody: say --yes');
  if (file !== '-' && process.stdin.isTTY) return;
  throw new UsageError('has no terminal to ask on: say --yes, or look first with "plan"');
}

/** Names the stack: a word too few on the command line must not change another one. */
function questionFor(stage: string | undefined): string {
  const where = stage === undefined ? 'the local stack' : `the stage "${stage}"`;
  return `
Apply this to ${where}? Only "yes" does it: `;
}
