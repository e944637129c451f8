import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Command, Option } from '@commander-js/extra-typings';
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { KEPT_DAYS } from '../../lib/event/outcome-store.ts';
import { recordOf } from '../../lib/token/item.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { type ShownToken, showToken } from '../../lib/token/view.ts';
import { examples, jsonOption, stageOption, wholeNumber } from '../command.ts';
import type { Tables } from '../tables.ts';
import { selectStack } from '../target.ts';
import { showOutcomes } from '../token-outcomes.ts';
import { ownerOf, STATES, type State, statesOf, tokenFields, tokenTable } from '../token-view.ts';
import { importTokens } from './tokens/import.ts';
import { verify } from './tokens/verify.ts';

const SORTED: Readonly<Record<string, (token: ShownToken) => string | number>> = {
  serial: ({ serial }) => serial,
  type: ({ tokentype }) => tokentype,
  user: ownerOf,
  state: (token) => statesOf(token).join(','),
  failcount: ({ failcount }) => failcount,
};

const list = new Command('list')
  .summary('the tokens, one a line')
  .option('--realm <realm>', 'in this realm')
  .option('--user <login>', 'of this user, as in cornelius or cornelius@realm1')
  .option('--type <type>', 'of this type, as in totp')
  .addOption(new Option('--state <state>', 'in this state').choices(STATES))
  .addOption(new Option('--sort <field>', 'in this order').choices(Object.keys(SORTED)))
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens list --state locked --sort user', 'tokens list --user cornelius@realm1'))
  .action(async ({ json, stage, sort, ...filter }) => {
    const { tokens: table } = await selectStack(stage);
    const found: ShownToken[] = [];
    for await (const token of readTokens(table)) if (isWanted(token, filter)) found.push(token);
    const key = SORTED[sort ?? ''];
    if (key) found.sort((a, b) => compare(key(a), key(b)) || compare(a.serial, b.serial));
    if (json) process.stdout.write(`[${found.map((one) => `\n${JSON.stringify(one)}`).join(',')}\n]\n`);
    else if (found.length > 0) process.stdout.write(`${tokenTable(found).join('\n')}\n`);
    if (found.length === 0) process.stderr.write('there are no such tokens\n');
  });

const show = new Command('show')
  .summary('a token')
  .argument('<serial>', "the token's")
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens show TOTP0001'))
  .action(async (serial, { json, stage }) => showOne(await selectStack(stage), serial, json));

const outcomes = new Command('outcomes')
  .summary('what definitions did to a token lately, and why they did not')
  .description(`
Tells what definitions did to a token in the last ${KEPT_DAYS} days and why they did not, youngest event first, also of a
token that is gone; never what was announced to its owner.
`)
  .argument('<serial>', "the token's")
  .option('--limit <n>', 'so many at most', wholeNumber(1), 20)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens outcomes TOTP0001'))
  .action(async (serial, { limit, json, stage }) => showOutcomes(await selectStack(stage), serial, limit, json));

export const tokens = new Command('tokens')
  .summary('list, show, import tokens, what was done to one lately, and check a password against one')
  .description(`
Work on the local stack that "dev" or "start" runs, or on AWS with --stage. Never show a key, a PIN or its hash.
`)
  .addCommand(list)
  .addCommand(show)
  .addCommand(outcomes)
  .addCommand(importTokens)
  .addCommand(verify);

async function* readTokens(table: string): AsyncGenerator<ShownToken> {
  const client = documentClient();
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    for (const item of page.Items ?? []) {
      const record = recordOf(item);
      if (record.deletedAt === null) yield showToken(record);
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

interface Filter {
  readonly realm?: string | undefined;
  readonly user?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: State | undefined;
}

function isWanted(token: ShownToken, { realm, user, type, state }: Filter): boolean {
  return (
    (realm === undefined || token.realms.some((one) => one.toLowerCase() === realm.toLowerCase())) &&
    (user === undefined || ownerOf(token) === user || token.user?.login === user) &&
    (type === undefined || token.tokentype === type.toLowerCase()) &&
    (state === undefined || statesOf(token).includes(state))
  );
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

async function showOne({ tokens: table }: Tables, serial: string, json: true | undefined): Promise<void> {
  const record = await tokenStore(documentClient(), table).read(serial);
  if (!record || record.deletedAt !== null) {
    throw new TokenwrightError('unknown_token', `there is no token ${serial}`, { given: serial });
  }
  const token = showToken(record);
  if (json) process.stdout.write(`${JSON.stringify(token, null, 2)}\n`);
  else process.stdout.write(`${tokenFields(token).join('\n')}\n`);
}
