import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Command } from '@commander-js/extra-typings';
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
import { importTokens } from './tokens/import.ts';
import { verify } from './tokens/verify.ts';

const list = new Command('list')
  .summary('all tokens, one a line')
  .addOption(jsonOption)
  .addOption(stageOption)
  .action(async ({ json, stage }) => listTokens(await selectStack(stage), json));

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

async function listTokens({ tokens: table }: Tables, json: true | undefined): Promise<void> {
  const client = documentClient();
  const print = json ? jsonList() : printLine;
  let start: Record<string, unknown> | undefined;
  let isEmpty = true;
  do {
    const page = await client.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    for (const item of page.Items ?? []) {
      const record = recordOf(item);
      if (record.deletedAt !== null) continue;
      print(showToken(record));
      isEmpty = false;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  print(undefined);
  if (isEmpty) process.stderr.write('there are no tokens\n');
}

/** Writes a JSON list, one token a line, however many there are; `undefined` ends it. */
function jsonList(): (token: ShownToken | undefined) => void {
  let before = '[\n';
  return (token) => {
    const end = before === '[\n' ? '[]\n' : '\n]\n';
    process.stdout.write(token ? `${before}${JSON.stringify(token)}` : end);
    before = ',\n';
  };
}

async function showOne({ tokens: table }: Tables, serial: string, json: true | undefined): Promise<void> {
  const record = await tokenStore(documentClient(), table).read(serial);
  if (!record || record.deletedAt !== null) {
    throw new TokenwrightError('unknown_token', `there is no token ${serial}`, { given: serial });
  }
  const token = showToken(record);
  if (json) process.stdout.write(`${JSON.stringify(token, null, 2)}\n`);
  else
    for (const [field, value] of Object.entries(token))
      process.stdout.write(`${field.padEnd(14)} ${JSON.stringify(value)}\n`);
}

function printLine(token: ShownToken | undefined): void {
  if (token) process.stdout.write(`${line(token)}\n`);
}

function line(token: ShownToken): string {
  const owner = token.user ? `${token.user.login}@${token.user.realm}` : '-';
  const state = [
    token.active ? 'active' : 'disabled',
    ...(token.locked ? ['locked'] : []),
    ...(token.revoked ? ['revoked'] : []),
  ];
  return `${token.serial.padEnd(16)} ${token.tokentype.padEnd(8)} ${state.join(',').padEnd(10)} ${owner}`;
}
