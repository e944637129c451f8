import { viewProposal } from '../../../lib/definition/proposal-view.ts';
import type { Command } from '../../command.ts';
import { STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { proposeFile } from '../../definitions/propose-file.ts';
import { describeProposal, printNotes } from '../../definitions/show-changes.ts';
import { colours } from '../../display.ts';

export const plan: Command = {
  summary: 'what "apply" would change',
  help: `
Usage: tokenwright definitions plan FILE [--detailed-exitcode] [--json] [--stage NAME]

Compares FILE (JSON or YAML; a folder with such files; "-" is standard input) with the definitions in force, and prints
what "apply" would add (+), change (~) and delete (-), each field before and after. A definition may be known by its name
alone: then it is the one of that name, or a new one. Nothing is changed. Warnings go to stderr.

  --detailed-exitcode
                  end with 2 where something would change, with 0 where nothing would
${STACK_CHOICE_HELP}

Examples:
  npx tokenwright definitions plan definitions/
  npx tokenwright definitions plan definitions.yaml --detailed-exitcode --stage prod
`,
  options: { ...STACK_CHOICE, 'detailed-exitcode': { type: 'boolean' } },
  async run(args) {
    const { proposal } = await proposeFile(args, 'replace');
    if (args.values.json) process.stdout.write(`${JSON.stringify(viewProposal(proposal), null, 2)}\n`);
    else {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
    }
    return args.values['detailed-exitcode'] && proposal.changes.length > 0 ? 2 : 0;
  },
};
