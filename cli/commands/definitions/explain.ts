import type { Command } from '../../command.ts';
import { explain as explainEvent } from '../../explain.ts';
import { SCENE_OPTIONS } from '../../scene.ts';

export const explain: Command = {
  summary: 'what the definitions would do at an event, and why not',
  help: `
Usage: tokenwright definitions explain [FILE] EVENT [--serial S] [--tokens SCENARIO] [--json]

Says for each definition of the event's name whether it would act on the token, what each condition wanted and saw,
what would change, and why not; nothing is written. With FILE: for the definitions of that file, which are not applied,
in place of those that are. EVENT is an auth event, JSON or YAML, "-" is standard input.

  --serial S     of this token alone
  --tokens FILE  the tokens, people and definitions of a scenario file, in place of a running stack's
  --json         the result as JSON
  --stage NAME   the stack deployed under this stage

Example:
  npx tokenwright definitions explain examples/event.json
`,
  options: { json: { type: 'boolean' }, serial: { type: 'string' }, ...SCENE_OPTIONS },
  run: explainEvent,
};
