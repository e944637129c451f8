import { historyOf, type PastVersion } from '../../../lib/definition/history.ts';
import { viewHistory } from '../../../lib/definition/history-view.ts';
import { type Command, noMoreThan } from '../../command.ts';
import { openStore, readId, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { describeFields } from '../../definitions/show-changes.ts';
import { colours, type Paint } from '../../display.ts';

export const history: Command = {
  summary: 'who changed a definition, when, what and why',
  help: `
Usage: tokenwright definitions history ID [--json] [--stage NAME]

Lists the versions of a definition that are or were in force, newest first, also of one that was deleted: who saved it,
when, how and why, and each field before and after.

${STACK_CHOICE_HELP}

Example:
  npx tokenwright definitions history 20
`,
  options: STACK_CHOICE,
  async run(args) {
    noMoreThan(1, args);
    const id = readId(args.positionals[0]);
    const versions = await historyOf(await openStore(args), id);
    if (args.values.json) process.stdout.write(`${JSON.stringify({ history: viewHistory(versions) }, null, 2)}\n`);
    else process.stdout.write(`${describeHistory(versions, colours(process.stdout)).join('\n')}\n`);
    return 0;
  },
};

function describeHistory(versions: readonly PastVersion[], paint: Paint): string[] {
  return versions.flatMap((one) => {
    const { version, note, applied, body, changes } = one;
    const state = applied ? paint('green', '  in force') : body === null ? paint('red', '  deleted') : '';
    const said = note ? `${note.at}  ${note.by}  ${note.how}` : 'before the history was kept';
    const why = note?.message ? `  ${JSON.stringify(note.message)}` : '';
    const head = `${paint('bold', `#${one.id} v${version}`)}${state}  ${said}${why}`;
    return [head, ...(body === null ? [] : describeFields(changes, paint, '    '))];
  });
}
