import { Command } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { byOption, messageOption } from '../../definitions/note.ts';
import { fileArgument } from '../../definitions/propose-file.ts';
import { dryRunOption, merge, replaceOption } from './set.ts';

export const importFile = new Command('import')
  .summary('import definitions from privacyIDEA')
  .description(`
Reads an export of privacyIDEA, JSON or YAML: a list of event handler definitions, {"event": [...]}, or the whole
configuration (pi-manage config export), of which the rest is ignored. Definitions of other handler modules are left out
and named. As with "set", a definition whose id exists gets a new version, and all others stay; --dry-run shows the changes
first. For a masked secret the stored one is kept.
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
  where privacyidea.json is made by:
    pi-manage config export -f json -o privacyidea.json`,
  )
  .action((file, options) => merge('import', file, options));
