import { Command } from '@commander-js/extra-typings';
import { NOTHING, propose } from '../../../lib/definition/propose.ts';
import { examples, jsonOption } from '../../command.ts';
import { fileArgument } from '../../definitions/propose-file.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { printNotes } from '../../definitions/show-changes.ts';
import { count } from '../../output/display.ts';
import { inFile } from '../../output/errors.ts';

export const check = new Command('check')
  .summary('faults and doubts of a file of definitions')
  .description(`
Checks a file by itself, without a stack. Everything that "apply" would refuse is an error; what a careful colleague
would ask about is a warning: conditions that can never be known, or that contradict each other, event names that are
nearly privacyIDEA's, definitions that assign the same and can act together, deleting or acting on many tokens without
any condition. Ends with 0 where there are no errors, whatever the warnings; with 1 else.
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
