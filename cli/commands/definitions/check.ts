import { Command } from '@commander-js/extra-typings';
import { NOTHING, propose } from '../../../lib/definition/propose.ts';
import { examples, jsonOption } from '../../command.ts';
import { fileArgument } from '../../definitions/propose-file.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { printNotes } from '../../definitions/show-changes.ts';
import { count } from '../../output/display.ts';
import { inFile } from '../../output/errors.ts';

export const check = new Command('check')
  .summary('find errors in a file of definitions, and warn of what is doubtful')
  .description(`
Checks a file by itself, without a stack. Everything that "apply" would refuse is an error. A warning is given for
conditions that can never be known or that contradict each other, event names that are nearly privacyIDEA's, definitions
that assign the same attribute and can act together, and deleting or acting on many tokens without any condition. Ends
with 0 where there are no errors, whatever the warnings, else with 1.
`)
  .addArgument(fileArgument)
  .addOption(jsonOption)
  .addHelpText(
    'after',
    examples('definitions check examples/definitions.yaml', 'definitions check definitions/ --json'),
  )
  .action(async (file, { json }) => {
    const proposal = await inFile(file, async () => propose(await readDefinitionFiles(file), NOTHING, 'replace'));
    const { definitions, warnings, leftOut } = proposal;
    if (json) {
      const found = { definitions: definitions.length, warnings, left_out: leftOut };
      process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      return;
    }
    printNotes(proposal);
    process.stdout.write(
      `${count(definitions.length, 'definition')}, no errors, ${count(warnings.length, 'warning')}\n`,
    );
  });
