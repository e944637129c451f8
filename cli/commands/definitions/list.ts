import { readCurrent } from '../../../lib/definition/commit.ts';
import { Definition } from '../../../lib/definition/definition.ts';
import { maskBody } from '../../../lib/definition/secret-options.ts';
import { check } from '../../../lib/schema/validate.ts';
import { type Command, noMoreThan } from '../../command.ts';
import { openStore, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';

export const list: Command = {
  summary: 'the definitions in force',
  help: `
Usage: tokenwright definitions list [--json] [--stage NAME]

Lists the definitions in force with their versions; secrets are masked.

${STACK_CHOICE_HELP}

Examples:
  npx tokenwright definitions list
  npx tokenwright definitions list --json --stage prod
`,
  options: STACK_CHOICE,
  async run(args) {
    noMoreThan(0, args);
    const { set, bodies } = await readCurrent(await openStore(args));
    if (args.values.json) {
      const shown = [...bodies].map(([id, body]) => ({ ...maskBody(body), version: set.live.get(id) }));
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return 0;
    }
    for (const [id, body] of bodies) process.stdout.write(`#${id} v${set.live.get(id)}  ${describe(body)}\n`);
    if (bodies.size === 0) process.stderr.write('there are no definitions\n');
    return 0;
  },
};

function describe(body: unknown): string {
  const read = check(Definition, body, 'bad_definition');
  if (!read.ok) return 'cannot be read';
  const { active, position, event, action, name } = read.value;
  return `${active ? 'active  ' : 'inactive'} ${position} ${event.join(',')}: ${action}  "${name}"`;
}
