import { Command } from '@commander-js/extra-typings';
import { historyOf, type PastVersion } from '../../../lib/definition/history.ts';
import { viewHistory } from '../../../lib/definition/view.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { idArgument, openStore } from '../../definitions/open-store.ts';
import { describeFields } from '../../definitions/show-changes.ts';
import { colours, type Paint } from '../../output/display.ts';

export const history = new Command('history')
  .summary('show who changed a definition, when, what and why')
  .description(`
Lists the versions of a definition that are or were applied, newest first: who saved it, when, how and why, and each field
before and after. A deleted definition has its history too.
`)
  .addArgument(idArgument)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions history 20'))
  .action(async (id, { json, stage }) => {
    const versions = await historyOf(await openStore({ stage }), id);
    if (json) process.stdout.write(`${JSON.stringify({ history: viewHistory(versions) }, null, 2)}\n`);
    else process.stdout.write(`${describeHistory(versions, colours(process.stdout)).join('\n')}\n`);
  });

function describeHistory(versions: readonly PastVersion[], paint: Paint): string[] {
  return versions.flatMap((one) => {
    const { version, note, applied, body, changes } = one;
    const state = applied ? paint('green', '  applied') : body === null ? paint('red', '  deleted') : '';
    const said = note ? `${note.at}  ${note.by}  ${note.how}` : 'before the history was kept';
    const why = note?.message ? `  ${JSON.stringify(note.message)}` : '';
    const head = `${paint('bold', `#${one.id} v${version}`)}${state}  ${said}${why}`;
    return [head, ...(body === null ? [] : describeFields(changes, paint, '    '))];
  });
}
