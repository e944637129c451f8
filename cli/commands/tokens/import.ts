import { Command, Option } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { FORMATS } from '../../import/formats.ts';
import { importFile } from '../../import/import-file.ts';
import { selectStack } from '../../stack/target.ts';

export const importTokens = new Command('import')
  .summary('tokens from a file: ours, PSKC, OATH CSV, or what privacyIDEA exports')
  .description(`
Takes, as it finds by itself:
  tokenwright   a list of tokens, or {"tokens": [...]} with users, realms,
                tokengroups, containers, challenges and counters beside it
                (JSON or YAML)
  pskc          token vendors' XML (RFC 6030), plain or encrypted
  csv           OATH CSV: serial, key, type, otplen, timestep
  privacyidea   what "pi-tokenjanitor find export" wrote, as it is or as YAML

OTP keys are sealed. A faulty file, or a serial that is taken, is refused whole.
`)
  .argument('<file>', '"-" is standard input')
  .addOption(new Option('--format <format>', 'where it is not found by itself').choices(FORMATS))
  .option('--key-file <file>', "holds the pre-shared key (hexadecimal), the password, or the export's key")
  .option('--skip-existing', 'pass over tokens that are there already: goes on where Ctrl-C stopped an import')
  .option('--partial', 'import the good tokens of a faulty file; the exit code is 1 all the same')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('tokens import examples/tokens.yaml', 'tokens import vendor.pskc.xml --key-file transport.key'),
  )
  .action(async (file, { stage, ...choice }) => importFile(await selectStack(stage), file, choice));
