import { describeConditions } from '../../lib/condition/describe.ts';
import { type Command, noMoreThan } from '../command.ts';

export const conditions: Command = {
  summary: 'the catalogue of conditions and how their values are written',
  help: `
Usage: tokenwright conditions [--json | --schema]

Lists every condition: its group, what it means, and how its value is written.

  --json      as JSON
  --schema    as JSON Schema (draft 2020-12) of a definition's conditions

Example:
  npx tokenwright conditions
`,
  options: { json: { type: 'boolean' }, schema: { type: 'boolean' } },
  async run(args) {
    noMoreThan(0, args);
    const { values } = args;
    const described = describeConditions();
    if (values.schema) {
      const { conditionsSchema } = await import('../../lib/definition/schema.ts');
      const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: "A definition's conditions" };
      process.stdout.write(`${JSON.stringify({ ...schema, ...conditionsSchema() }, null, 2)}\n`);
    } else if (values.json) process.stdout.write(`${JSON.stringify({ conditions: described }, null, 2)}\n`);
    else {
      for (const { name, group, description, syntax } of described) {
        process.stdout.write(`${name} (${group})\n    ${description}\n    ${syntax}\n`);
      }
    }
    return 0;
  },
};
