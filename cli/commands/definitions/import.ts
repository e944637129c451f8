import type { Command } from '../../command.ts';
import { NOTE_HELP, NOTE_OPTIONS } from '../../definitions/note.ts';
import { STACK_CHOICE, STACK_CHOICE_HELP } from '../../definitions/open-store.ts';
import { merge } from './set.ts';

export const importFile: Command = {
  summary: "take over privacyIDEA's definitions",
  help: `
Usage: tokenwright definitions import FILE [--message TEXT] [--by NAME] [--json] [--stage NAME]

Takes what privacyIDEA exports, as JSON or YAML: a list of event handler definitions, {"event": [...]}, or the whole
configuration (pi-manage config export), of which the rest is ignored. Definitions of other handler modules are left
out and named. As with "set", definitions whose id is there already get a new version, and the others stay; look first
with "check". A masked secret keeps the one that is here.

${NOTE_HELP}
${STACK_CHOICE_HELP}

Examples:
  pi-manage config export -f json -o privacyidea.json
  npx tokenwright definitions check privacyidea.json
  npx tokenwright definitions import privacyidea.json
`,
  options: { ...STACK_CHOICE, ...NOTE_OPTIONS },
  run: (args) => merge('import', args),
};
