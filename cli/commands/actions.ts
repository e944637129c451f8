import { actions as catalogue } from '../../lib/action/catalogue.ts';
import { actionSchema, describeActions } from '../../lib/action/describe.ts';
import { type Command, noMoreThan } from '../command.ts';

export const actions: Command = {
  summary: 'the catalogue of token actions and their options',
  help: `
Usage: tokenwright actions [--json | --schema]

Lists every action: its positions, and each option with type, whether it is required, and what it means.

  --json      as JSON
  --schema    as JSON Schema (draft 2020-12) of a definition's action and options

Example:
  npx tokenwright actions
`,
  options: { json: { type: 'boolean' }, schema: { type: 'boolean' } },
  async run(args) {
    noMoreThan(0, args);
    const { values } = args;
    if (values.schema) process.stdout.write(`${JSON.stringify(actionSchema(catalogue), null, 2)}\n`);
    else if (values.json) process.stdout.write(`${JSON.stringify({ actions: describeActions(catalogue) }, null, 2)}\n`);
    else {
      for (const { name, description, positions, options } of describeActions(catalogue)) {
        process.stdout.write(`${name}\n    ${description} Positions: ${positions.join(', ')}.\n`);
        for (const option of options) {
          const required = option.required ? ', required' : '';
          process.stdout.write(`    - ${option.name} (${option.type}${required}): ${option.description}\n`);
        }
      }
    }
    return 0;
  },
};
