import { Command } from '@commander-js/extra-typings';
import { readCurrent } from '../../../lib/definition/commit.ts';
import { Definition } from '../../../lib/definition/definition.ts';
import { maskBody } from '../../../lib/definition/secret-options.ts';
import { check } from '../../../lib/schema/validate.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { openStore } from '../../definitions/open-store.ts';
import { printTable } from '../../output/columns.ts';

export const list = new Command('list')
  .summary('list the applied definitions')
  .description('Lists the applied definitions with their versions; secrets are masked.')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('definitions list', 'definitions list --json --stage prod'))
  .action(async ({ json, stage }) => {
    const { set, bodies } = await readCurrent(await openStore({ stage }));
    if (json) {
      const shown = [...bodies].map(([id, body]) => ({ ...maskBody(body), version: set.live.get(id) }));
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return;
    }
    const rows = [...bodies].map(([id, body]) => [`#${id} v${set.live.get(id)}`, ...describe(body)]);
    printTable(['id', 'state', 'position', 'event', 'action', 'name'], rows);
    if (bodies.size === 0) process.stderr.write('there are no definitions\n');
  });

function describe(body: unknown): string[] {
  const read = check(Definition, body, 'bad_definition');
  if (!read.ok) return ['unreadable'];
  const { active, position, event, action, name } = read.value;
  return [active ? 'active' : 'inactive', position, event.join(','), action, name];
}
