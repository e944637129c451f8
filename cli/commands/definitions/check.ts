import { Command } from '@commander-js/extra-typings';
import { NOTHING, propose } from '../../../lib/definition/propose.ts';
import { examples, jsonOption } from '../../command.ts';
import { fileArgument } from '../../definitions/propose-file.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { printNotes } from '../../definitions/show-changes.ts';
import { count } from '../../output/display.ts';
import { inFile } from '../../output/errors.ts';

export const check = new Command('check')
  .summary('check a file of definitions for errors, and warn of likely mistakes')
  .description(`
Checks a file without a stack. Everything that "apply" would refuse is an error. Warns of conditions that can never be
known or that contradict each other, of event names that are close to one of privacyIDEA's, of definitions that assign the
same attribute and can act together, and of deleting or acting on many tokens without a condition. Exit code 0: no errors
(warnings do not count), 1: errors.
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
