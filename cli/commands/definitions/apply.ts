import { readCurrent } from '../../../lib/definition/commit.ts';
import { viewProposal } from '../../../lib/definition/proposal-view.ts';
import { propose, putInForce } from '../../../lib/definition/propose.ts';
import { confirm } from '../../ask.ts';
import { type Arguments, type Command, noMoreThan, UsageError } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { openStore, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { describeProposal, printNotes } from '../../definitions/show-changes.ts';
import { colours } from '../../display.ts';
import { inFile } from '../../errors.ts';

export const apply: Command = {
  summary: 'make the set of definitions what a file says',
  help: `
Usage: tokenwright definitions apply FILE [--yes] [--message TEXT] [--by NAME] [--json] [--stage NAME]

Shows what "plan" shows, asks, and makes it so, all or nothing: the set becomes what FILE says, and definitions that
are not in FILE are deleted ("set" leaves them). Refused where someone else changed the definitions in between.

  --yes           do not ask; without a terminal nobody can be asked, so it is needed there, and with --json
${NOTE_HELP}
${STACK_CHOICE_HELP}

Examples:
  npx tokenwright definitions apply definitions/ --message "visitors stay a day"
  npx tokenwright definitions apply definitions.yaml --yes --by pipeline --stage prod
`,
  options: { ...STACK_CHOICE, ...NOTE_OPTIONS, yes: { type: 'boolean' } },
  async run(args) {
    const file = readUsage(args);
    const files = await inFile(file, () => readDefinitionFiles(file));
    const store = await openStore(args);
    const current = await readCurrent(store);
    const proposal = await inFile(file, () => propose(files, current, 'replace', store.box));
    const { json, yes } = args.values;
    if (!json) {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
      if (proposal.changes.length === 0) return 0;
      if (!yes && !(await confirm('\nApply this? Only "yes" does it: '))) {
        process.stderr.write('not applied: nothing was changed\n');
        return 1;
      }
    }
    const versions = await putInForce(store, proposal, await noteOf('apply', args));
    const changed = proposal.changes.map(({ id }) => ({ id, version: versions.get(id) }));
    if (json) process.stdout.write(`${JSON.stringify({ applied: changed, ...viewProposal(proposal) }, null, 2)}\n`);
    else process.stdout.write(`Applied: ${changed.map(({ id, version }) => `#${id} v${version}`).join(', ')}\n`);
    return 0;
  },
};

function readUsage(args: Arguments): string {
  const [file] = args.positionals;
  noMoreThan(1, args);
  if (file === undefined) throw new UsageError('takes a FILE');
  if (args.values.yes) return file;
  if (args.values.json) throw new UsageError('with --json asks nobody: say --yes');
  if (file !== '-' && process.stdin.isTTY) return file;
  throw new UsageError('has no terminal to ask on: say --yes, or look first with "plan"');
}
