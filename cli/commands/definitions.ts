/** The commands on definitions; each is loaded only when it is called. */
import { didYouMean } from '../../lib/schema/closest.ts';
import { type Command, UsageError } from '../command.ts';

const verbs: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import('./definitions/list.ts')).list,
  set: async () => (await import('./definitions/set.ts')).set,
  enable: async () => (await import('./definitions/activate.ts')).enable,
  disable: async () => (await import('./definitions/activate.ts')).disable,
  delete: async () => (await import('./definitions/delete.ts')).remove,
  check: async () => (await import('./definitions/check.ts')).check,
  plan: async () => (await import('./definitions/plan.ts')).plan,
  apply: async () => (await import('./definitions/apply.ts')).apply,
  history: async () => (await import('./definitions/history.ts')).history,
  rollback: async () => (await import('./definitions/rollback.ts')).rollback,
  import: async () => (await import('./definitions/import.ts')).importFile,
  export: async () => (await import('./definitions/export.ts')).exportAll,
  explain: async () => (await import('./definitions/explain.ts')).explain,
  schema: async () => (await import('./definitions/schema.ts')).schema,
};

export const definitions: Command = {
  summary: 'event handler definitions: list, set, check, plan, apply, history, import, export, explain, ...',
  help: `
Usage: tokenwright definitions VERB [--help]

  list                  the definitions in force
  set FILE              add definitions, or change those that are there; the others stay
  enable|disable ID     let a definition act, or not
  delete ID             take one out of force
  check FILE            faults and doubts of a file
  plan FILE             what "apply" would change
  apply FILE            make the set what the file says
  history ID            who changed a definition, when, what and why
  rollback ID VERSION   put the contents of a former version in force again
  import FILE           take over privacyIDEA's definitions
  export                the definitions in force, as privacyIDEA exports them
  explain [FILE] EVENT  what the definitions would do at an event, and why not
  schema                a JSON Schema for editors

Work on the local stack that "dev" or "start" runs, or on AWS with --stage.

Examples:
  npx tokenwright definitions set examples/definitions.yaml
  npx tokenwright definitions plan --help
`,
  options: {},
  verbs,
  run: ({ positionals: [given] }) => {
    const names = Object.keys(verbs);
    const hint = given === undefined ? '' : didYouMean(given, names);
    throw new UsageError(`takes one of ${names.join(', ')}${hint}`);
  },
};
