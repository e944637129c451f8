/** `admins`: the administrators, who log in at `/auth`. */
import { Command } from '@commander-js/extra-typings';
import { accountStore } from '../../lib/auth-api/account-store.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { isoTime } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { examples, jsonOption, stageOption } from '../command.ts';
import { askSecret } from '../input/ask.ts';
import { printTable } from '../output/columns.ts';
import { selectStack } from '../stack/target.ts';

const openAccounts = async (stage: string | undefined) =>
  accountStore(documentClient(), (await selectStack(stage)).directory);

const add = new Command('add')
  .summary('add an administrator; the password is asked for')
  .description(
    'Adds an administrator. The password is asked for, or read from standard input if that is not a terminal. Only its scrypt hash is stored.',
  )
  .argument('<name>', 'the "username" for /auth')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('admins add ada', 'admins add ada --stage prod < password.txt'))
  .action(async (name, { json, stage }) => {
    const accounts = await openAccounts(stage);
    const password = await askSecret(`Password of ${name}: `);
    if (password === '') throw new TokenwrightError('not_answered', 'an administrator needs a password');
    if (!(await accounts.addAdmin(name, password, isoTime(Date.now())))) throw taken(name);
    process.stdout.write(json ? `${JSON.stringify({ username: name })}\n` : `added administrator ${name}\n`);
  });

const list = new Command('list')
  .summary('list the administrators')
  .description('Lists the administrators and when they were added.')
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async ({ json, stage }) => {
    const admins = await (await openAccounts(stage)).admins();
    if (json) process.stdout.write(`${JSON.stringify({ admins })}\n`);
    else
      printTable(
        ['username', 'created'],
        admins.map(({ username, created }) => [username, created]),
      );
    if (admins.length === 0) process.stderr.write('there is no administrator: "admins add NAME" makes one\n');
  });

const remove = new Command('remove')
  .summary('remove an administrator; their auth tokens are refused within a minute')
  .description('Removes an administrator. Their auth tokens are refused within a minute.')
  .argument('<name>', 'the name that "admins list" shows')
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('admins remove ada'))
  .action(async (name, { json, stage }) => {
    if (!(await (await openAccounts(stage)).removeAdmin(name))) throw unknown(name);
    process.stdout.write(json ? `${JSON.stringify({ username: name })}\n` : `removed administrator ${name}\n`);
  });

export const admins = new Command('admins')
  .summary('administrators of the front door: add, list, remove')
  .addCommand(add)
  .addCommand(list)
  .addCommand(remove);

const taken = (name: string) =>
  new TokenwrightError('account_exists', `there is an administrator "${name}" already`, { given: name });
const unknown = (name: string) =>
  new TokenwrightError('unknown_account', `there is no administrator "${name}"`, { given: name });
