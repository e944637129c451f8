import { Command } from '@commander-js/extra-typings';
import { actions as catalogue } from '../../lib/action/catalogue.ts';
import { actionSchema, describeActions } from '../../lib/action/describe.ts';
import { examples, jsonOption } from '../command.ts';
import { fold } from '../output/fold.ts';

export const actions = new Command('actions')
  .summary('list the token actions and their options')
  .description(
    'Lists every action: its positions, and for each option its type, whether it is required, and what it means.',
  )
  .addOption(jsonOption)
  .option('--schema', "print a JSON Schema (draft 2020-12) of a definition's action and options")
  .addHelpText('after', examples('actions'))
  .action(({ json, schema }) => {
    if (schema) return void process.stdout.write(`${JSON.stringify(actionSchema(catalogue), null, 2)}\n`);
    const described = describeActions(catalogue);
    if (json) return void process.stdout.write(`${JSON.stringify({ actions: described }, null, 2)}\n`);
    for (const { name, description, positions, options } of described) {
      process.stdout.write(`${name}\n${fold(`    ${description} Positions: ${positions.join(', ')}.`)}\n`);
      for (const option of options) {
        const required = option.required ? ', required' : '';
        process.stdout.write(`${fold(`    - ${option.name} (${option.type}${required}): ${option.description}`)}\n`);
      }
    }
  });
