import { Command } from '@commander-js/extra-typings';
import { readCurrent } from '../../../lib/definition/commit.ts';
import { exportDefinitions, unknownToPrivacyidea } from '../../../lib/definition/export.ts';
import { examples, stageOption } from '../../command.ts';
import { openStore } from '../../definitions/open-store.ts';

export const exportAll = new Command('export')
  .summary('print the applied definitions in the format of privacyIDEA')
  .description(`
Prints the applied definitions as JSON or YAML that privacyIDEA can import, and that "plan", "apply" and "import" read.
A field that only Tokenwright has is printed only if it differs from its default, and is then named on stderr. The secret
options otpkey, pin and motppin are masked. If a masked option is applied again, the stored secret is kept.
`)
  .option('--secrets', 'include the secrets; protect the file as you would protect the keys')
  .option('--yaml', 'print YAML')
  .option('--json', 'print JSON (the default)')
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('definitions export > definitions.json', 'definitions export --yaml > definitions.yaml'),
  )
  .action(async ({ secrets, yaml, stage }) => {
    const store = await openStore({ stage });
    const { bodies } = await readCurrent(store);
    const { exported, left } = await exportDefinitions(bodies, secrets ? store.box : null);
    for (const note of [...left, ...unknownToPrivacyidea(bodies)]) process.stderr.write(`${note}\n`);
    if (yaml) process.stdout.write((await import('yaml')).stringify(exported));
    else process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
  });
