import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { FAULTS_HELP } from '../../infra/local/faults/specification.ts';
import type { Stack } from '../../infra/local/stack.ts';
import { processClock } from '../../lib/base/clock.ts';
import { readScenarioDocument } from '../input/read-file.ts';
import { curlLine, playLogins, readLogins } from '../login/example-logins.ts';
import { colours } from '../output/display.ts';
import { foldFor } from '../output/fold.ts';
import { OutcomeLog, playEvent } from '../scenario/play.ts';
import { readScenario } from '../scenario/scenario.ts';
import { seed } from '../scenario/seed.ts';
import { CLONE } from '../stack/clone.ts';
import { type Tables, tablesOf } from '../stack/environment.ts';
import { narrator } from '../stack/narrator.ts';
import {
  dataOption,
  dynamodbOption,
  faultsOption,
  portOption,
  printAddresses,
  startRunningStack,
  untilStopped,
} from '../stack/running-stack.ts';

const EXAMPLES = join(CLONE, 'examples', 'scenario.yaml');

export const start = new Command('start')
  .summary('run the local stack, play the example events and show what happens')
  .description(`
Starts the local stack, loads examples/scenario.yaml, plays its events through the EventBridge endpoint and shows
each event, each step and each changed field. Then it keeps running for your own events, until Ctrl-C.
`)
  .addOption(dataOption)
  .addOption(dynamodbOption)
  .addOption(portOption)
  .addOption(faultsOption)
  .addHelpText('after', FAULTS_HELP)
  .action(async (options) => {
    const log = new OutcomeLog();
    let isPlaying = true;
    const told = narrator((text) => process.stdout.write(foldFor(process.stdout, text)), colours(process.stdout));
    const running = await startRunningStack(options, {
      concurrency: 1,
      // Example events arrive at the times that they tell; later events arrive when they are put.
      arrival: (time) => (isPlaying ? time : processClock().now()),
      ...told,
    });
    const { stack, signal } = running;
    const tables = tablesOf(stack.environment);
    const scenario = await readScenario(await readScenarioDocument(EXAMPLES), Date.now());
    const isFirstStart = await seed(scenario, tables).then(() => true, alreadyThere);
    if (!isFirstStart) process.stderr.write('the examples are there already; their events are played again\n');
    printAddresses(stack);
    for (const event of scenario.events) {
      if (signal.aborted) break;
      await playEvent(event, { stack, bus: tables.bus, log });
      await stack.idle();
    }
    isPlaying = false;
    const show = (line: string): void => told.say(`${line}\n`);
    if (!signal.aborted) await showFrontDoor(stack, tables, show);
    if (!signal.aborted) show(`\n${tryYourOwn(stack.endpoints.eventbridge, tables.bus)}\nready`);
    await untilStopped(running);
    process.stdout.write('stopped\n');
  });

/** Shows example logins at the front door, and a command line to paste. */
async function showFrontDoor(stack: Stack, tables: Tables, show: (line: string) => void): Promise<void> {
  const { http } = stack.endpoints;
  const logins = await readLogins(processClock().now());
  await seed(logins, tables).catch(alreadyThere);
  show(`\nThe front door, by HTTP at ${http}:`);
  await playLogins(logins, stack, tables, colours(process.stdout), show);
  show('\nLog in yourself (the code is good once):');
  show(await curlLine(http, logins, tables));
  show('  npx tokenwright login grace');
}

function alreadyThere(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'token_exists') return false;
  throw error;
}

/** Returns command lines to paste, which put another event. */
function tryYourOwn(endpoint: string, bus: string): string {
  return `Put an event of your own (another terminal, the same folder):
  echo '{"detail-type":"token_init","detail":{"serial":"TOTP0001"}}' |
    npx tokenwright events put -
or with the AWS command line, or any AWS SDK:
  export AWS_ENDPOINT_URL_EVENTBRIDGE=${endpoint}
  export AWS_REGION=eu-central-1
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws events put-events --entries '[{"EventBusName":"${bus}",
    "Source":"privacyidea","DetailType":"token_init",
    "Detail":"{\\"serial\\":\\"TOTP0001\\"}"}]'
Then look: npx tokenwright tokens show TOTP0001          Stop: Ctrl-C`;
}
