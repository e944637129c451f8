import { Command } from '@commander-js/extra-typings';
import { commit, readCurrentSet } from '../../../lib/definition/commit.ts';
import { unknownDefinition } from '../../../lib/definition/history.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption, noteOf } from '../../definitions/note.ts';
import { idArgument, openStore } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const remove = new Command('delete')
  .summary('delete a definition; its history stays')
  .description(
    'Removes the definition from the set. Its versions are kept: "history" shows them, "rollback" restores it.',
  )
  .addArgument(idArgument)
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions delete 20 --message "visitors are gone"'))
  .action(async (id, options) => {
    const store = await openStore(options);
    const set = await readCurrentSet(store);
    if (!set.live.has(id)) throw unknownDefinition(id);
    await commit(store, set, [{ id, body: null }], await noteOf('delete', options));
    report('deleted', [{ id }], options);
  });
