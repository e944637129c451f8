import { Argument, Command } from '@commander-js/extra-typings';
import { rollBack } from '../../../lib/definition/history.ts';
import { examples, jsonOption, stageOption, wholeNumber } from '../../command.ts';
import { byOption, messageOption, noteOf } from '../../definitions/note.ts';
import { idArgument, openStore } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const rollback = new Command('rollback')
  .summary('put the contents of a former version in force again')
  .description(
    'Makes a new version with the contents of a former one, which "history" names; also of a definition that was deleted.',
  )
  .addArgument(idArgument)
  .addArgument(
    new Argument('<version>', 'as "history" writes it, with or without the v').argParser((given) =>
      wholeNumber(1)(given.replace(/^v/, '')),
    ),
  )
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions rollback 20 1 --message "a day was too short"'))
  .action(async (id, former, options) => {
    const store = await openStore(options);
    const version = await rollBack(store, store.box, id, former, await noteOf(`rollback to v${former}`, options));
    report('rolled_back', [{ id, version }], options);
  });
