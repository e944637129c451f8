import { rollBack } from '../../../lib/definition/history.ts';
import { type Command, noMoreThan, UsageError, wholeNumber } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { openStore, readId, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const rollback: Command = {
  summary: 'put the contents of a former version in force again',
  help: `
Usage: tokenwright definitions rollback ID VERSION [--message TEXT] [--by NAME] [--json] [--stage NAME]

Makes a new version with the contents of a former one, which "history" names; also of a definition that was deleted.

${NOTE_HELP}
${STACK_CHOICE_HELP}

Example:
  npx tokenwright definitions rollback 20 1 --message "a day was too short"
`,
  options: { ...STACK_CHOICE, ...NOTE_OPTIONS },
  async run(args) {
    noMoreThan(2, args);
    const [given, wanted] = args.positionals;
    const id = readId(given);
    if (wanted === undefined) throw new UsageError('takes an ID and a VERSION');
    const former = wholeNumber(wanted.replace(/^v/, ''), 'VERSION', 1) ?? 0;
    const store = await openStore(args);
    const version = await rollBack(store, store.box, id, former, await noteOf(`rollback to v${former}`, args));
    return report('rolled_back', [{ id, version }], args);
  },
};
