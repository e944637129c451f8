/** `keys`: API keys for the clients that check passwords, and for scripts. */
import { Command, Option } from '@commander-js/extra-typings';
import { accountStore, KEY_ROLES } from '../../lib/auth-api/account-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { isoTime } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { examples, jsonOption, stageOption } from '../command.ts';
import { selectStack } from '../stack/target.ts';

const openAccounts = async (stage: string | undefined) =>
  accountStore(documentClient(), (await selectStack(stage)).directory);

const add = new Command('add')
  .summary('a new API key, shown once')
  .description(
    'Makes an API key and prints it: it cannot be shown again. Clients send it in X-API-Key, PI-Authorization or Authorization, or have it in their URL: https://HOST/k/KEY/validate/check.',
  )
  .addOption(
    new Option('--role <role>', 'validate: /validate/* alone; admin: all that administrators may')
      .choices(KEY_ROLES)
      .default('validate' as const),
  )
  .option('--description <text>', 'what it is for', '')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('keys add --description "RADIUS in Berlin"', 'keys add --role admin --stage prod'))
  .action(async ({ role, description, json, stage }) => {
    const made = await (await openAccounts(stage)).addKey(role, description, isoTime(Date.now()));
    if (json) process.stdout.write(`${JSON.stringify({ ...made, role })}\n`);
    else process.stdout.write(`${made.key}\n`);
    process.stderr.write(`API key ${made.id} of role ${role}: it is not shown again\n`);
  });

const list = new Command('list')
  .summary('all API keys, without their secrets')
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async ({ json, stage }) => {
    const keys = await (await openAccounts(stage)).keys();
    if (json) process.stdout.write(`${JSON.stringify({ keys })}\n`);
    else
      for (const { id, role, description, created } of keys) {
        process.stdout.write(`${id}  ${role.padEnd(8)}  since ${created}  ${description}\n`);
      }
    if (keys.length === 0) process.stderr.write('there is no API key: "keys add" makes one\n');
  });

const remove = new Command('remove')
  .summary('take an API key away; it ends within a minute')
  .argument('<id>', 'its id, as "keys list" shows it')
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async (id, { json, stage }) => {
    if (!(await (await openAccounts(stage)).removeKey(id))) {
      throw new TokenwrightError('unknown_account', `there is no API key ${id}`, { given: id });
    }
    process.stdout.write(json ? `${JSON.stringify({ id })}\n` : `removed API key ${id}\n`);
  });

export const keys = new Command('keys')
  .summary('API keys of the front door: for the clients that check passwords')
  .addCommand(add)
  .addCommand(list)
  .addCommand(remove);
