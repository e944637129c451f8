import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Command, Option } from '@commander-js/extra-typings';
import { documentClient } from '../../../lib/aws/clients.ts';
import { recordOf } from '../../../lib/token/item.ts';
import { type ShownToken, showToken } from '../../../lib/token/view.ts';
import { examples, jsonOption, stageOption } from '../../command.ts';
import { ownerOf, STATES, type State, statesOf, tokenTable } from '../../output/token-table.ts';
import { selectStack } from '../../stack/target.ts';

const SORTED: Readonly<Record<string, (token: ShownToken) => string | number>> = {
  serial: ({ serial }) => serial,
  type: ({ tokentype }) => tokentype,
  user: ownerOf,
  state: (token) => statesOf(token).join(','),
  failcount: ({ failcount }) => failcount,
};

export const list = new Command('list')
  .summary('list the tokens, one per line')
  .description('Lists the tokens, one per line. Several filters must all match.')
  .option('--realm <realm>', 'only in this realm')
  .option('--user <login>', 'only of this user, such as cornelius or cornelius@realm1')
  .option('--type <type>', 'only of this type, such as totp')
  .addOption(new Option('--state <state>', 'only in this state').choices(STATES))
  .addOption(new Option('--sort <field>', 'sort by this field').choices(Object.keys(SORTED)).default('serial'))
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens list --state locked --sort user', 'tokens list --user cornelius@realm1'))
  .action(async ({ json, stage, sort, ...filter }) => {
    const { tokens: table } = await selectStack(stage);
    const found: ShownToken[] = [];
    for await (const token of readTokens(table)) if (isWanted(token, filter)) found.push(token);
    const key = SORTED[sort];
    if (key) found.sort((a, b) => compare(key(a), key(b)) || compare(a.serial, b.serial));
    if (json) process.stdout.write(`[${found.map((one) => `\n${JSON.stringify(one)}`).join(',')}\n]\n`);
    else if (found.length > 0) process.stdout.write(`${tokenTable(found).join('\n')}\n`);
    if (found.length === 0)
      process.stderr.write(`there are no ${Object.keys(filter).length > 0 ? 'such ' : ''}tokens\n`);
  });

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

interface TokenListFilter {
  readonly realm?: string | undefined;
  readonly user?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: State | undefined;
}

function isWanted(token: ShownToken, { realm, user, type, state }: TokenListFilter): boolean {
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
