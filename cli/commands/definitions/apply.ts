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
  .summary('replace the set of definitions by those of a file')
  .description(`
Shows the changes as "plan" does, asks for confirmation, and then applies all of them or none. Definitions that are not in
the file are deleted ("set" keeps them). Refused if someone else has changed the definitions in between.
`)
  .addArgument(fileArgument)
  .option('--yes', 'do not ask for confirmation; required without a terminal, and with --json')
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

/** @throws UsageError if nobody can be asked */
function requireTerminal(file: string, json: true | undefined): void {
  if (json) throw new UsageError('needs --yes with --json, which does not ask');
  if (file !== '-' && process.stdin.isTTY) return;
  throw new UsageError('has no terminal to ask on: use --yes, or look at the changes with "plan" first');
}

/** Asks for confirmation with the name of the stack, so that a forgotten --stage is noticed. */
function questionFor(stage: string | undefined): string {
  const where = stage === undefined ? 'the local stack' : `the stage "${stage}"`;
  return `
Apply this to ${where}? Type "yes" to apply: `;
}
