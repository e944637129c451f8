import { Command } from '@commander-js/extra-typings';
import { documentClient } from '../../../lib/aws/clients.ts';
import { TokenwrightError } from '../../../lib/base/error.ts';
import { KEPT_DAYS, type KeptOutcome } from '../../../lib/event/outcome-store.ts';
import { isLive } from '../../../lib/token/record.ts';
import { tokenStore } from '../../../lib/token/store.ts';
import { examples, jsonOption, stageOption, wholeNumber } from '../../command.ts';
import { colours, describeOutcome, type Paint } from '../../output/display.ts';
import { printFolded } from '../../output/fold.ts';
import type { Tables } from '../../stack/environment.ts';
import { storedOutcomes } from '../../stack/stored-outcomes.ts';
import { selectStack } from '../../stack/target.ts';

export const outcomes = new Command('outcomes')
  .summary('show what definitions did to a token lately, or why they did nothing')
  .description(`
Shows what definitions did to a token in the last ${KEPT_DAYS} days, or why they did nothing, latest event first; also of a
deleted token. Never shows what was announced to its owner.
`)
  .argument('<serial>', 'the serial of the token')
  .option('--limit <n>', 'show at most this many', wholeNumber(1), 20)
  .addOption(jsonOption)
  .addOption(stageOption)
  .addHelpText('after', examples('tokens outcomes TOTP0001'))
  .action(async (serial, { limit, json, stage }) => showOutcomes(await selectStack(stage), serial, limit, json));

/**
 * Prints the outcomes of a token, latest event first.
 *
 * @param limit the most outcomes to print
 * @throws TokenwrightError `unknown_token` if there is neither such a token nor an outcome of it
 */
async function showOutcomes(tables: Tables, serial: string, limit: number, json: true | undefined): Promise<void> {
  const outcomes: KeptOutcome[] = [];
  for await (const one of storedOutcomes(tables, serial, limit)) outcomes.push(one);
  if (outcomes.length === 0) await requireToken(tables, serial);
  if (json) process.stdout.write(`${JSON.stringify({ outcomes }, null, 2)}\n`);
  else if (outcomes.length === 0) process.stderr.write(`nothing was done to ${serial} in the last ${KEPT_DAYS} days\n`);
  else for (const one of outcomes) printFolded(process.stdout, described(one, colours(process.stdout)));
}

async function requireToken({ tokens: table }: Tables, serial: string): Promise<void> {
  const record = await tokenStore(documentClient(), table).read(serial);
  if (isLive(record)) return;
  throw new TokenwrightError('unknown_token', `there is no token ${serial}, and no outcome of it`, { given: serial });
}

function described(outcome: KeptOutcome, paint: Paint): string {
  const { name, time, id } = outcome.event;
  const event = `${paint('cyan', time)} ${paint('bold', name)} ${paint('dim', `(${id})`)}`;
  return `${event}\n${describeOutcome({ ...outcome, response: null }, paint)}`;
}
