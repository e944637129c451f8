import { Command } from '@commander-js/extra-typings';
import { viewProposal } from '../../../lib/definition/view.ts';
import { Ended, examples, jsonOption, stageOption } from '../../command.ts';
import { fileArgument, proposeFile } from '../../definitions/propose-file.ts';
import { describeProposal, printNotes } from '../../definitions/show-changes.ts';
import { colours } from '../../output/display.ts';

export const plan = new Command('plan')
  .summary('show what "apply" would change')
  .description(`
Compares a file with the applied definitions, and prints what "apply" would add (+), change (~) and delete (-), with each
field before and after. A definition without an id is the applied one of the same name, or a new one. Nothing is changed.
Warnings go to stderr.
`)
  .addArgument(fileArgument)
  .option('--detailed-exitcode', 'exit code 2 if something would change, 0 if nothing would')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('definitions plan definitions/', 'definitions plan definitions.yaml --detailed-exitcode --stage prod'),
  )
  .action(async (file, { json, stage, detailedExitcode }) => {
    const { proposal } = await proposeFile(file, 'replace', { stage });
    if (json) process.stdout.write(`${JSON.stringify(viewProposal(proposal), null, 2)}\n`);
    else {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
    }
    if (detailedExitcode && proposal.changes.length > 0) throw new Ended(2);
  });
