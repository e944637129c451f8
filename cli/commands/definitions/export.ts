import { readCurrent } from '../../../lib/definition/commit.ts';
import { exportDefinitions, unknownToPeer } from '../../../lib/definition/export.ts';
import { type Command, noMoreThan } from '../../command.ts';
import { openStore, STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';

export const exportAll: Command = {
  summary: 'the definitions in force, as privacyIDEA exports them',
  help: `
Usage: tokenwright definitions export [--secrets] [--yaml] [--stage NAME]

Prints the definitions in force in a form that privacyIDEA imports, and "plan", "apply" and "import" read: as JSON, or
as YAML. What only Tokenwright knows is left out where it is so by default, and named on stderr where it is not. The
secret options otpkey, pin and motppin are masked; a masked one that comes back with "apply" keeps the secret here.

  --secrets       with the secrets: keep the file as you would keep the keys
  --yaml          as YAML
${STACK_CHOICE_HELP}

Examples:
  npx tokenwright definitions export > definitions.json
  npx tokenwright definitions export --yaml > definitions.yaml
`,
  options: { ...STACK_CHOICE, secrets: { type: 'boolean' }, yaml: { type: 'boolean' } },
  async run(args) {
    noMoreThan(0, args);
    const store = await openStore(args);
    const { bodies } = await readCurrent(store);
    const { exported, left } = await exportDefinitions(bodies, args.values.secrets ? store.box : null);
    for (const note of [...left, ...unknownToPeer(bodies)]) process.stderr.write(`${note}\n`);
    if (args.values.yaml) process.stdout.write((await import('yaml')).stringify(exported));
    else process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
    return 0;
  },
};
