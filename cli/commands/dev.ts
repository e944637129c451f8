import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { Observer } from '../../infra/local/delivery.ts';
import { FAULTS_HELP } from '../../infra/local/faults/specification.ts';
import { examples } from '../command.ts';
import { colours } from '../output/display.ts';
import { foldFor } from '../output/fold.ts';
import { narrator } from '../stack/narrator.ts';
import { recorder } from '../stack/recording.ts';
import {
  dataOption,
  dynamodbOption,
  faultsOption,
  portOption,
  printAddresses,
  startRunningStack,
  untilStopped,
} from '../stack/running-stack.ts';

export const dev = new Command('dev')
  .summary('run the local stack until stopped: DynamoDB, EventBridge and HTTP endpoints')
  .description(`
Runs on this machine what serverless.yml deploys, until stopped. Prints its addresses, one "name: url" per line, and
"ready" as the last line. Any AWS SDK and "aws events put-events" can use them: set AWS_ENDPOINT_URL_EVENTBRIDGE to the
address named "eventbridge".

In a terminal it shows each event and its outcomes, on stderr; in a pipe, use "outcomes tail".

With --data, every auth event is recorded in events.jsonl in that folder, without secrets, for "replay".
`)
  .addOption(dataOption)
  .addOption(dynamodbOption)
  .addOption(portOption)
  .addOption(faultsOption)
  .addHelpText('after', `${examples('dev --data .tokenwright/data --port 4500')}\n${FAULTS_HELP}`)
  .action(async (options) => {
    const { data } = options;
    const recording = data === undefined ? {} : recorder(join(data, 'events.jsonl'));
    const told = process.stderr.isTTY
      ? narrator((text) => process.stderr.write(foldFor(process.stderr, text)), colours(process.stderr))
      : undefined;
    const running = await startRunningStack(options, told ? both(recording, told) : recording);
    printAddresses(running.stack);
    process.stdout.write('ready\n');
    await untilStopped(running);
  });

function both(one: Observer, other: Observer): Observer {
  return {
    onEvent: (...given) => [one, other].map(({ onEvent }) => onEvent?.(...given)),
    onInvocation: (...given) => [one, other].map(({ onInvocation }) => onInvocation?.(...given)),
  };
}
