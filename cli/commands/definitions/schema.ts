import { definitionsSchema } from '../../../lib/definition/schema.ts';
import { type Command, noMoreThan } from '../../command.ts';

export const schema: Command = {
  summary: 'a JSON Schema with which editors complete and check definitions',
  help: `
Usage: tokenwright definitions schema

Prints a JSON Schema (draft 2020-12) of a file of definitions, JSON or YAML: the options of each action, the conditions,
allowed values, and what they mean.

Example:
  npx tokenwright definitions schema > definitions.schema.json
`,
  options: {},
  run: async (args) => {
    noMoreThan(0, args);
    process.stdout.write(`${JSON.stringify(definitionsSchema(), null, 2)}\n`);
    return 0;
  },
};
