import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { documentClient } from '../../../lib/aws/clients.ts';
import { processClock } from '../../../lib/base/clock.ts';
import { TokenwrightError } from '../../../lib/base/error.ts';
import { isLive, type TokenRecord } from '../../../lib/token/record.ts';
import { tokenStore } from '../../../lib/token/store.ts';
import type { NextState } from '../../../lib/tokentype/token-type.ts';
import { verifyPassword } from '../../../lib/tokentype/verify-password.ts';
import { Ended, examples, jsonOption, stageOption, UsageError } from '../../command.ts';
import { askSecret } from '../../input/ask.ts';
import type { Tables } from '../../stack/environment.ts';
import { stackBox } from '../../stack/secrets.ts';
import { selectStack } from '../../stack/target.ts';

export const verify = new Command('verify')
  .summary('check whether a token would accept a password; changes nothing')
  .description(`
Asks for a password (in a pipe: reads it from standard input), and tells whether the token would accept it and what that
would change. Nothing is changed. Exit code 0: accepted, 1: refused.
`)
  .argument('<serial>', 'the serial of the token')
  .option('--positions <n,n>', 'the positions that the challenge of an indexed secret asked for', readPositions)
  .addOption(jsonOption)
  .addOption(stageOption)
  .allowExcessArguments()
  .addHelpText(
    'after',
    `${examples('tokens verify TOTP0001')}
  oathtool --totp 3132333435363738393031323334353637383930 \\
    | npx tokenwright tokens verify TOTP0001`,
  )
  .action(async (serial, { stage, ...choice }, command) => {
    // Checked here, because commander would print the password.
    if (command.args.length > 1) {
      throw new UsageError('asks for the password, or reads it from a pipe: other users could see an argument');
    }
    await verifyToken(await selectStack(stage), serial, choice);
  });

interface VerifyChoice {
  readonly positions?: readonly number[] | undefined;
  readonly json?: true | undefined;
}

/** @throws Ended with 1 if the password is refused */
async function verifyToken(tables: Tables, serial: string, { positions, json }: VerifyChoice): Promise<void> {
  const record = await tokenStore(documentClient(), tables.tokens).read(serial);
  if (!isLive(record)) {
    throw new TokenwrightError('unknown_token', `there is no token ${serial}`, { given: serial });
  }
  const password = await askSecret(`Password of ${serial}${record.pinHash === null ? '' : ' (PIN in front)'}: `);
  const timezone = process.env.TIMEZONE ?? 'UTC';
  const how = { box: stackBox(tables), now: processClock().now(), timezone, ...(positions && { positions }) };
  const result = await verifyPassword(record, password, how);
  if (json) process.stdout.write(`${JSON.stringify({ serial, ...result })}\n`);
  else if (result.accepted) process.stdout.write(`accepted: ${[...changesOf(record, result.next)].join(', ')}\n`);
  else process.stdout.write(`refused (${result.code}): ${result.message}\n`);
  if (!result.accepted) throw new Ended(1);
}

function* changesOf({ token }: TokenRecord, { count, info = {}, spent }: NextState): Iterable<string> {
  if (count !== undefined) yield `count would go from ${token.count} to ${count}`;
  for (const [key, value] of Object.entries(info)) {
    yield `tokeninfo ${key} would be ${JSON.stringify(value)}, now ${JSON.stringify(token.info[key] ?? null)}`;
  }
  if (spent) yield 'the token would be gone';
  if (count === undefined && Object.keys(info).length === 0 && !spent) yield 'nothing would change';
}

/** Reads `2,5`. @throws InvalidArgumentError */
function readPositions(given: string): number[] {
  const positions = given.split(',').map(Number);
  if (positions.every((one) => Number.isSafeInteger(one) && one > 0)) return positions;
  throw new InvalidArgumentError('It takes numbers from 1 on, such as 2,5.');
}
