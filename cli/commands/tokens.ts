import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { KEPT_DAYS } from '../../lib/event/outcome-store.ts';
import { recordOf } from '../../lib/token/item.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { type ShownToken, showToken } from '../../lib/token/view.ts';
import { type Arguments, type Command, noMoreThan, textOption, UsageError } from '../command.ts';
import { IMPORT_OPTIONS, importFile } from '../import/import-file.ts';
import type { Tables } from '../tables.ts';
import { selectStack } from '../target.ts';
import { showOutcomes } from '../token-outcomes.ts';
import { verifyToken } from '../verify.ts';

export const tokens: Command = {
  summary: 'list, show, import tokens, what was done to one lately, and check a password against one',
  help: `
Usage: tokenwright tokens list [--json]
       tokenwright tokens show SERIAL [--json]
       tokenwright tokens outcomes SERIAL [--limit N] [--json]
       tokenwright tokens import FILE [--format FORMAT] [--key-file FILE] [--partial] [--json]
       tokenwright tokens verify SERIAL [--positions N,N] [--json]

Works on the local stack that "dev" or "start" runs, or on AWS with --stage. Never shows a key, a PIN or its hash.
"import" takes, as it finds by itself:
  tokenwright   a list of tokens, or {"tokens": [...]} with users, realms, tokengroups, containers, challenges and
                counters beside it (JSON or YAML)
  pskc          token vendors' XML (RFC 6030), plain or encrypted
  csv           OATH CSV: serial, key, type, otplen, timestep
  privacyidea   what "pi-tokenjanitor find export" wrote, as it is or as YAML
"-" is standard input. OTP keys are sealed. A faulty file, or a serial that is taken, is refused whole.
"verify" asks for a password (hidden on a terminal, else standard input) and tells whether the token would accept it,
and what that would change: it reads, and changes nothing. Exit 0: accepted, 1: refused.
"outcomes" tells what definitions did to a token in the last ${KEPT_DAYS} days and why they did not, youngest event first, also
of a token that is gone; never what was announced to its owner.

  --format FORMAT   one of the above
  --key-file FILE   holds the pre-shared key (hexadecimal), the password, or the export's key
  --partial         import the good tokens of a faulty file; the exit code is 1 all the same
  --positions N,N   verify: what the challenge of an indexed secret asked for
  --limit N         outcomes: so many at most (20)
  --json            the result as JSON
  --stage NAME      the stack deployed under this stage

Examples:
  npx tokenwright tokens import examples/tokens.yaml
  npx tokenwright tokens import vendor.pskc.xml --key-file transport.key
  npx tokenwright tokens show TOTP0001
  npx tokenwright tokens outcomes TOTP0001
  oathtool --totp 3132333435363738393031323334353637383930 | npx tokenwright tokens verify TOTP0001
`,
  options: {
    json: { type: 'boolean' },
    stage: { type: 'string' },
    positions: { type: 'string' },
    limit: { type: 'string' },
    ...IMPORT_OPTIONS,
  },

  async run(args: Arguments) {
    const [verb, subject] = args.positionals;
    if (verb === 'verify' && args.positionals.length > 2) {
      throw new UsageError(
        '"verify" asks for the password, or reads it from a pipe: an argument would be seen by others',
      );
    }
    noMoreThan(verb === 'list' ? 1 : 2, args);
    if (verb === 'list') return list(await selectStack(textOption(args.values.stage)), args);
    if (verb !== 'show' && verb !== 'outcomes' && verb !== 'import' && verb !== 'verify') {
      throw new UsageError('takes one of list, show, outcomes, import, verify');
    }
    if (subject === undefined) throw new UsageError(`"${verb}" takes a ${verb === 'import' ? 'FILE' : 'SERIAL'}`);
    const tables = await selectStack(textOption(args.values.stage));
    if (verb === 'verify') return verifyToken(tables, args, subject);
    if (verb === 'outcomes') return showOutcomes(tables, args, subject);
    return verb === 'show' ? show(tables, args, subject) : importFile(tables, args, subject);
  },
};

async function list({ tokens: table }: Tables, { values }: Arguments): Promise<number> {
  const client = documentClient();
  const print = values.json ? jsonList() : printLine;
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
  return 0;
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

async function show({ tokens: table }: Tables, { values }: Arguments, serial: string): Promise<number> {
  const record = await tokenStore(documentClient(), table).read(serial);
  if (!record || record.deletedAt !== null) {
    throw new TokenwrightError('unknown_token', `there is no token ${serial}`, { given: serial });
  }
  const token = showToken(record);
  if (values.json) process.stdout.write(`${JSON.stringify(token, null, 2)}\n`);
  else
    for (const [field, value] of Object.entries(token))
      process.stdout.write(`${field.padEnd(14)} ${JSON.stringify(value)}\n`);
  return 0;
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
