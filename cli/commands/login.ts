import { Command } from '@commander-js/extra-typings';
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock } from '../../lib/base/clock.ts';
import { outcomeStore } from '../../lib/event/outcome-store.ts';
import { Ended, examples, stageOption, UsageError } from '../command.ts';
import { askSecret } from '../input/ask.ts';
import { explainLogin } from '../login/explain-login.ts';
import { checkLogin, type LoginAnswer } from '../login/login-request.ts';
import { colours, describeOutcome } from '../output/display.ts';
import { describeResponse } from '../scenario/requests.ts';
import { HTTP_ADDRESS, selectStack } from '../stack/target.ts';

/** How long the definitions have to act, before their outcomes are read. */
const PATIENCE_MS = 1500;
const SHOWN = 5;

export const login = new Command('login')
  .summary('log in at the front door as a user; shows the answer and what definitions did')
  .description(`
Asks for the password (in a pipe: reads it from standard input), sends it to /validate/check of the local stack or of
--url, and prints the answer. If the answer is a challenge, asks for the response to it. On the local stack it also prints
what definitions did to the token.
`)
  .argument('<user>', 'the login name; with @realm if the user is not in the default realm')
  .option('--url <url>', 'the URL of another front door, such as the HTTP API on AWS')
  .option('--key <key>', 'an API key, if that front door requires one')
  .option('--explain', 'only show what the answer would be, what would change and what definitions would do')
  .addOption(stageOption)
  .addHelpText('after', examples('login grace', 'login grace --explain', 'login ada@lab --url https://example.org'))
  .action(async (user, { url, key, explain, stage }) => {
    if (explain) return explainLogin(user, await askSecret(`password of ${user}: `), stage);
    if (stage !== undefined) throw new UsageError('takes --stage with --explain only; otherwise use --url');
    const tables = url === undefined ? await selectStack(undefined) : undefined;
    const door = url ?? process.env[HTTP_ADDRESS] ?? '';
    const paint = colours(process.stdout);
    const began = processClock().now();
    let answer = await checkLogin(door, { user, pass: await askSecret(`password of ${user}: `) }, key);
    process.stdout.write(`${describeResponse(answer, paint)}\n`);
    while (answer.transaction !== null && process.stdin.isTTY) {
      const pass = await askSecret('answer: ');
      answer = await checkLogin(door, { user, pass, transaction_id: answer.transaction }, key);
      process.stdout.write(`${describeResponse(answer, paint)}\n`);
    }
    if (tables) {
      for (const outcome of await outcomesSince(tables.outcomes, serialOf(answer), began)) {
        process.stdout.write(`${describeOutcome({ ...outcome, response: null }, paint)}\n`);
      }
    }
    if (!answer.accepted) throw new Ended(1);
  });

function serialOf({ body }: LoginAnswer): string | undefined {
  const { detail } = body as { readonly detail?: { readonly serial?: unknown } | null };
  return typeof detail?.serial === 'string' ? detail.serial : undefined;
}

async function outcomesSince(table: string, serial: string | undefined, since: number) {
  if (serial === undefined) return [];
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const page = await outcomeStore(documentClient(), table).page(serial, SHOWN, processClock().now());
  return page.outcomes.filter(({ event }) => Date.parse(event.time) >= since).toReversed();
}
