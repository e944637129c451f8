import { Command } from '@commander-js/extra-typings';
import { documentClient } from '../../../lib/aws/clients.ts';
import { TokenwrightError } from '../../../lib/base/error.ts';
import { tokenStore } from '../../../lib/token/store.ts';
import { showToken } from '../../../lib/token/view.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { tokenFields } from '../../output/token-table.ts';
import type { Tables } from '../../stack/environment.ts';
import { selectStack } from '../../stack/target.ts';

export const show = new Command('show')
  .summary('show a token')
  .description('Shows the fields of a token; empty ones are left out, except with --json.')
  .argument('<serial>', 'the serial of the token')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens show TOTP0001'))
  .action(async (serial, { json, stage }) => showOne(await selectStack(stage), serial, json));

async function showOne({ tokens: table }: Tables, serial: string, json: true | undefined): Promise<void> {
  const record = await tokenStore(documentClient(), table).read(serial);
  if (!record || record.deletedAt !== null) {
    throw new TokenwrightError('unknown_token', `there is no token ${serial}`, { given: serial });
  }
  const token = showToken(record);
  if (json) process.stdout.write(`${JSON.stringify(token, null, 2)}\n`);
  else process.stdout.write(`${tokenFields(token).join('\n')}\n`);
}
