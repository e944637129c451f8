/** `keys`: API keys for the clients that check passwords, and for scripts. */
import { Command, Option } from '@commander-js/extra-typings';
import { accountStore, KEY_ROLES } from '../../lib/auth-api/account-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { isoTime } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { examples, jsonOption, stageOption } from '../command.ts';
import { printTable } from '../output/columns.ts';
import { selectStack } from '../stack/target.ts';

const openAccounts = async (stage: string | undefined) =>
  accountStore(documentClient(), (await selectStack(stage)).directory);

const add = new Command('add')
  .summary('create an API key, which is shown once')
  .description(
    'Creates an API key and prints it: it cannot be shown again. Clients send it in X-API-Key, PI-Authorization or Authorization, or in their URL: https://HOST/k/KEY/validate/check.',
  )
  .addOption(
    new Option('--role <role>', 'validate: only /validate/*; admin: everything that administrators may do')
      .choices(KEY_ROLES)
      .default('validate' as const),
  )
  .option('--description <text>', 'the purpose of the key', '')
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
  .summary('list the API keys, without their secrets')
  .description(
    'Lists the API keys: id, role, when each was created, and its purpose. Their secrets are not shown again.',
  )
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async ({ json, stage }) => {
    const keys = await (await openAccounts(stage)).keys();
    if (json) process.stdout.write(`${JSON.stringify({ keys })}\n`);
    else
      printTable(
        ['id', 'role', 'created', 'description'],
        keys.map(({ id, role, created, description }) => [id, role, created, description]),
      );
    if (keys.length === 0) process.stderr.write('there is no API key: "keys add" makes one\n');
  });

const remove = new Command('remove')
  .summary('remove an API key; it is refused within a minute')
  .description('Removes an API key. It is refused within a minute.')
  .argument('<id>', 'the id that "keys list" shows')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('keys remove 2aa7f831b480'))
  .action(async (id, { json, stage }) => {
    if (!(await (await openAccounts(stage)).removeKey(id))) {
      throw new TokenwrightError('unknown_account', `there is no API key ${id}`, { given: id });
    }
    process.stdout.write(json ? `${JSON.stringify({ id })}\n` : `removed API key ${id}\n`);
  });

export const keys = new Command('keys')
  .summary('API keys of the front door, for clients that check passwords: add, list, remove')
  .addCommand(add)
  .addCommand(list)
  .addCommand(remove);
