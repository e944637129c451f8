import { viewProposal } from '../../../lib/definition/proposal-view.ts';
import { putInForce } from '../../../lib/definition/propose.ts';
import { confirm } from '../../ask.ts';
import { type Arguments, type Command, UsageError } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { fileOf, proposeFile } from '../../definitions/propose-file.ts';
import { describeProposal, printNotes } from '../../definitions/show-changes.ts';
import { colours } from '../../display.ts';

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
    const { json, yes } = args.values;
    if (!yes) requireTerminal(args);
    const { store, proposal } = await proposeFile(args, 'replace');
    if (!json) {
      printNotes(proposal);
      process.stdout.write(`${describeProposal(proposal, colours(process.stdout))}\n`);
      if (proposal.changes.length === 0) return 0;
      if (!yes && !(await confirm(questionFor(args)))) {
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

/** @throws UsageError where nobody can be asked */
function requireTerminal(args: Arguments): void {
  const file = fileOf(args);
  if (args.values.json) throw new UsageError('with --json asks nobody: say --yes');
  if (file !== '-' && process.stdin.isTTY) return;
  throw new UsageError('has no terminal to ask on: say --yes, or look first with "plan"');
}

/** Names the stack: a word too few on the command line must not change another one. */
function questionFor({ values: { stage } }: Arguments): string {
  const where = stage === undefined ? 'the local stack' : `the stage "${stage}"`;
  return `
Apply this to ${where}? Only "yes" does it: `;
}
