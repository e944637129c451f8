import { Command, Option } from '@commander-js/extra-typings';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { FORMATS } from '../../import/formats.ts';
import { importFile } from '../../import/import-file.ts';
import { selectStack } from '../../stack/target.ts';

export const importTokens = new Command('import')
  .summary('import tokens from a file: JSON or YAML, PSKC, OATH CSV, or a privacyIDEA export')
  .description(`
Reads these formats, and detects which one a file has:
  tokenwright   a list of tokens, or {"tokens": [...]} with users, realms,
                tokengroups, containers, challenges and counters beside it
                (JSON or YAML)
  pskc          XML of token vendors (RFC 6030), plain or encrypted
  csv           OATH CSV: serial, key, type, otplen, timestep
  privacyidea   the output of "pi-tokenjanitor find export", encrypted or YAML

OTP keys are sealed. If a token is faulty, or its serial is taken, nothing is
imported.
`)
  .argument('<file>', '"-" is standard input')
  .addOption(new Option('--format <format>', 'the format, if it is not detected').choices(FORMATS))
  .option('--key-file <file>', 'a file with the pre-shared key (hexadecimal), the password, or the key of the export')
  .option('--skip-existing', 'skip tokens that exist already, for example after Ctrl-C stopped an import')
  .option('--partial', 'import the valid tokens of a faulty file; the exit code is still 1')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText(
    'after',
    examples('tokens import examples/tokens.yaml', 'tokens import vendor.pskc.xml --key-file transport.key'),
  )
  .action(async (file, { stage, ...choice }) => importFile(await selectStack(stage), file, choice));
