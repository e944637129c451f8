import { Command } from '@commander-js/extra-typings';
import { readCurrent } from '../../../lib/definition/commit.ts';
import { exportDefinitions, unknownToPeer } from '../../../lib/definition/export.ts';
import { examples, stageOption } from '../../command.ts';
import { openStore } from '../../definitions/open-store.ts';

export const exportAll = new Command('export')
  .summary('the applied definitions, as privacyIDEA exports them')
  .description(`
Prints the applied definitions in a form that privacyIDEA imports, and "plan", "apply" and "import" read: as JSON, or
as YAML. What only Tokenwright knows is left out where it is so by default, and named on stderr where it is not. The
secret options otpkey, pin and motppin are masked; a masked one that comes back with "apply" keeps the secret here.
`)
  .option('--secrets', 'with the secrets: keep the file as you would keep the keys')
  .option('--yaml', 'as YAML')
  .option('--json', 'as JSON: what it prints anyway')
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('definitions export > definitions.json', 'definitions export --yaml > definitions.yaml'),
  )
  .action(async ({ secrets, yaml, stage }) => {
    const store = await openStore({ stage });
    const { bodies } = await readCurrent(store);
    const { exported, left } = await exportDefinitions(bodies, secrets ? store.box : null);
    for (const note of [...left, ...unknownToPeer(bodies)]) process.stderr.write(`${note}\n`);
    if (yaml) process.stdout.write((await import('yaml')).stringify(exported));
    else process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
  });
