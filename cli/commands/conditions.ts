import { Command } from '@commander-js/extra-typings';
import { describeConditions } from '../../lib/condition/catalogue.ts';
import { examples, jsonOption } from '../command.ts';
import { fold } from '../output/fold.ts';

export const conditions = new Command('conditions')
  .summary('list the conditions and how their values are written')
  .description('Lists every condition: its group, what it means, and how its value is written.')
  .addOption(jsonOption)
  .option('--schema', "print a JSON Schema (draft 2020-12) of a definition's conditions")
  .addHelpText('after', examples('conditions'))
  .action(async ({ json, schema }) => {
    const described = describeConditions();
    if (schema) {
      const { conditionsSchema } = await import('../../lib/definition/schema.ts');
      const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: "A definition's conditions" };
      process.stdout.write(`${JSON.stringify({ ...head, ...conditionsSchema() }, null, 2)}\n`);
    } else if (json) process.stdout.write(`${JSON.stringify({ conditions: described }, null, 2)}\n`);
    else {
      for (const { name, group, description, syntax } of described) {
        process.stdout.write(`${fold(`${name} (${group})\n    ${description}\n    ${syntax}`)}\n`);
      }
    }
  });
