import { Argument, Command } from '@commander-js/extra-typings';
import { rollBack, rollBackSet } from '../../../lib/definition/history.ts';
import { examples, jsonOption, stageOption, UsageError, wholeNumber } from '../../command.ts';
import { byOption, messageOption, noteOf } from '../../definitions/note.ts';
import { openStore } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const rollback = new Command('rollback')
  .summary('apply a former version again, or a whole former set')
  .usage('[options] <id> <version> | --set <n>')
  .description(`
Saves a new version with the contents of a former one, whose number "history" shows; also for a deleted definition. With
--set it restores all definitions of a former set, whose number "set", "import" and "apply" print.
`)
  .addArgument(new Argument('[id]', "the definition's id").argParser(wholeNumber(1)))
  .addArgument(
    new Argument('[version]', 'as "history" writes it, with or without the v').argParser((given) =>
      wholeNumber(1)(given.replace(/^v/, '')),
    ),
  )
  .option('--set <n>', 'restore the whole set with this number', wholeNumber(1))
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('definitions rollback 20 1 --message "a day was too short"', 'definitions rollback --set 7'),
  )
  .action(async (id, former, { set, ...options }) => {
    if (set !== undefined) {
      if (id !== undefined) throw new UsageError('takes an id and a version, or --set, not both');
      const store = await openStore(options);
      const versions = await rollBackSet(store, store.box, set, await noteOf(`rollback to set ${set}`, options));
      if (versions.size === 0) process.stderr.write(`set ${set} is applied already: nothing is changed\n`);
      report(
        'rolled_back',
        [...versions].map(([one, version]) => ({ id: one, version })),
        options,
      );
      return;
    }
    if (id === undefined || former === undefined) throw new UsageError('takes an id and a version, or --set');
    const store = await openStore(options);
    const note = await noteOf(`rollback to v${former}`, options);
    const { version, isUnchanged } = await rollBack(store, store.box, id, former, note);
    if (isUnchanged) process.stderr.write(`#${id} equals v${former} already: nothing is changed\n`);
    report(isUnchanged ? 'unchanged' : 'rolled_back', [{ id, version }], options);
  });
