import { Command } from '@commander-js/extra-typings';
import { commit, readCurrent } from '../../../lib/definition/commit.ts';
import { Definition } from '../../../lib/definition/definition.ts';
import { unknownDefinition } from '../../../lib/definition/history.ts';
import { parse } from '../../../lib/schema/validate.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption, noteOf } from '../../definitions/note.ts';
import { idArgument, openStore } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const enable = switchTo(true, 'enable', 'activate a definition');
export const disable = switchTo(false, 'disable', 'deactivate a definition');

function switchTo(active: boolean, verb: string, summary: string) {
  return new Command(verb)
    .summary(summary)
    .description(`Saves a new version that is ${active ? 'active' : 'inactive'}, unless the definition is so already.`)
    .addArgument(idArgument)
    .addOption(messageOption)
    .addOption(byOption)
    .addOption(jsonOption)
    .addOption(stageOption)
    .addHelpText('after', examples(`definitions ${verb} 20`))
    .action(async (id, options) => {
      const store = await openStore(options);
      const { set, bodies } = await readCurrent(store);
      if (!bodies.has(id)) throw unknownDefinition(id);
      const definition = parse(Definition, bodies.get(id), 'bad_definition');
      const edits = definition.active === active ? [] : [{ id, body: { ...definition, active } }];
      const { versions } = await commit(store, set, edits, await noteOf(verb, options));
      const what = edits.length === 0 ? 'unchanged' : `${verb}d`;
      report(what, [{ id, version: versions.get(id) ?? set.live.get(id) }], options);
    });
}
