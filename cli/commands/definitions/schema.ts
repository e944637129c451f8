import { Command } from '@commander-js/extra-typings';
import { definitionsSchema } from '../../../lib/definition/schema.ts';
import { examples } from '../../command.ts';

export const schema = new Command('schema')
  .summary('print a JSON Schema of definitions, for editors')
  .description(`
Prints a JSON Schema (draft 2020-12) of a file of definitions, JSON or YAML, with which editors complete and check it: the
options of each action, the conditions, allowed values, and what they mean.
`)
  .addHelpText('after', examples('definitions schema > definitions.schema.json'))
  .action(() => void process.stdout.write(`${JSON.stringify(definitionsSchema(), null, 2)}\n`));
