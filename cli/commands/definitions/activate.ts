import { commit, readCurrent } from '../../../lib/definition/commit.ts';
import { Definition } from '../../../lib/definition/definition.ts';
import { unknownDefinition } from '../../../lib/definition/history.ts';
import { parse } from '../../../lib/schema/validate.ts';
import { type Arguments, type Command, noMoreThan } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS, noteOf } from '../../definitions/note.ts';
import { openStore, readId, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { report } from '../../definitions/report.ts';

export const enable = switchTo(true, 'enable', 'let a definition act');
export const disable = switchTo(false, 'disable', 'keep a definition from acting');

function switchTo(active: boolean, verb: string, summary: string): Command {
  return {
    summary,
    help: `
Usage: tokenwright definitions ${verb} ID [--message TEXT] [--by NAME] [--json] [--stage NAME]

Saves a new version that is ${active ? 'active' : 'inactive'}, where it is not so already.

${NOTE_HELP}
${STACK_CHOICE_HELP}

Example:
  npx tokenwright definitions ${verb} 20
`,
    options: { ...STACK_CHOICE, ...NOTE_OPTIONS },
    run: (args) => activate(active, verb, args),
  };
}

async function activate(active: boolean, verb: string, args: Arguments): Promise<number> {
  noMoreThan(1, args);
  const id = readId(args.positionals[0]);
  const store = await openStore(args);
  const { set, bodies } = await readCurrent(store);
  if (!bodies.has(id)) throw unknownDefinition(id);
  const definition = parse(Definition, bodies.get(id), 'bad_definition');
  const edits = definition.active === active ? [] : [{ id, body: { ...definition, active } }];
  const { versions } = await commit(store, set, edits, await noteOf(verb, args));
  return report(`${verb}d`, [{ id, version: versions.get(id) ?? set.live.get(id) }], args);
}
