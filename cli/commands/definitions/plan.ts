import { readCurrent } from '../../../lib/definition/commit.ts';
import { viewProposal } from '../../../lib/definition/proposal-view.ts';
import { propose } from '../../../lib/definition/propose.ts';
import { type Command, noMoreThan, UsageError } from '../../command.ts';
import { openStore, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { describeProposal, printNotes } from '../../definitions/show-changes.ts';
import { colours } from '../../display.ts';
import { inFile } from '../../errors.ts';

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
    const [file] = args.positionals;
    noMoreThan(1, args);
    if (file === undefined) throw new UsageError('takes a FILE');
    const files = await inFile(file, () => readDefinitionFiles(file));
    const store = await openStore(args);
    const current = await readCurrent(store);
    const proposal = await inFile(file, () => propose(files, current, 'replace', store.box));
    if (args.values.json) process.stdout.write(`${JSON.stringify(viewProposal(proposal), null, 2)}\n`);
    else {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
    }
    return args.values['detailed-exitcode'] && proposal.changes.length > 0 ? 2 : 0;
  },
};
