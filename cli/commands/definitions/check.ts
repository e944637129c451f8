import { NOTHING, propose } from '../../../lib/definition/propose.ts';
import type { Command } from '../../command.ts';
import { fileOf } from '../../definitions/propose-file.ts';
import { readDefinitionFiles } from '../../definitions/read-files.ts';
import { printNotes } from '../../definitions/show-changes.ts';
import { count } from '../../display.ts';
import { inFile } from '../../errors.ts';

export const check: Command = {
  summary: 'faults and doubts of a file of definitions',
  help: `
Usage: tokenwright definitions check FILE [--json]

Checks FILE (JSON or YAML; a folder with such files; "-" is standard input) by itself, without a stack. Everything that
"apply" would refuse is an error; what a careful colleague would ask about is a warning: conditions that can never be
known, or that contradict each other, event names that are nearly privacyIDEA's, definitions that assign the same and
can act together, deleting or acting on many tokens without any condition.

  --json   {"definitions", "warnings", "left_out"}, or {"errors"}

Ends with 0 where there are no errors, whatever the warnings; with 1 else.

Examples:
  npx tokenwright definitions check examples/definitions.yaml
  npx tokenwright definitions check definitions/ --json
`,
  options: { json: { type: 'boolean' } },
  async run(args) {
    const file = fileOf(args);
    const proposal = await inFile(file, async () => propose(await readDefinitionFiles(file), NOTHING, 'replace'));
    const { definitions, warnings, leftOut } = proposal;
    if (args.values.json) {
      const found = { definitions: definitions.length, warnings, left_out: leftOut };
      process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      return 0;
    }
    printNotes(proposal);
    process.stdout.write(
      `${count(definitions.length, 'definition')}, no errors, ${count(warnings.length, 'warning')}\n`,
    );
    return 0;
  },
};
