import { commit, readCurrentSet } from '../../../lib/definition/commit.ts';
import { unknownDefinition } from '../../../lib/definition/history.ts';
import { type Command, noMoreThan } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { openStore, readId, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const remove: Command = {
  summary: 'take a definition out of force; its history stays',
  help: `
Usage: tokenwright definitions delete ID [--message TEXT] [--by NAME] [--json] [--stage NAME]

Takes the definition out of the set. Its versions stay: "history" shows them, "rollback" brings it back.

${NOTE_HELP}
${STACK_CHOICE_HELP}

Example:
  npx tokenwright definitions delete 20 --message "visitors are gone"
`,
  options: { ...STACK_CHOICE, ...NOTE_OPTIONS },
  async run(args) {
    noMoreThan(1, args);
    const id = readId(args.positionals[0]);
    const store = await openStore(args);
    const set = await readCurrentSet(store);
    if (!set.live.has(id)) throw unknownDefinition(id);
    await commit(store, set, [{ id, body: null }], await noteOf('delete', args));
    return report('deleted', [{ id }], args);
  },
};
