import { rollBack } from '../../../lib/definition/history.ts';
import { type Command, noMoreThan, UsageError } from '../../command.ts';
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
    const former = readVersion(wanted);
    const store = await openStore(args);
    const version = await rollBack(store, store.box, id, former, await noteOf(`rollback to v${former}`, args));
    return report('rolled_back', [{ id, version }], args);
  },
};

/** As "history" writes it, with or without the v. @throws UsageError where it is none */
function readVersion(given: string | undefined): number {
  const version = Number(given?.replace(/^v/, ''));
  if (Number.isSafeInteger(version) && version >= 1) return version;
  const but = given === undefined ? '' : `, not "${given}"`;
  throw new UsageError(`takes an ID and a VERSION, a whole number from 1${but}`);
}
