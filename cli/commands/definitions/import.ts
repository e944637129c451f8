import { Command } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption } from '../../definitions/note.ts';
import { fileArgument } from '../../definitions/propose-file.ts';
import { dryRunOption, merge, replaceOption } from './set.ts';

export const importFile = new Command('import')
  .summary("take over privacyIDEA's definitions")
  .description(`
Takes what privacyIDEA exports, as JSON or YAML: a list of event handler definitions, {"event": [...]}, or the whole
configuration (pi-manage config export), of which the rest is ignored. Definitions of other handler modules are left
out and named. As with "set", definitions whose id is there already get a new version, and the others stay; look first
with --dry-run. A masked secret keeps the one that is here.
`)
  .addArgument(fileArgument)
  .addOption(dryRunOption)
  .addOption(replaceOption)
  .addOption(messageOption)
  .addOption(byOption)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    `${examples('definitions import privacyidea.json --dry-run', 'definitions import privacyidea.json')}
  where privacyidea.json is made by: pi-manage config export -f json -o privacyidea.json`,
  )
  .action((file, options) => merge('import', file, options));
