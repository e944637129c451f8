import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { FAULTS_HELP } from '../../infra/local/faults/specification.ts';
import { examples } from '../command.ts';
import { recorder } from '../recording.ts';
import {
  dataOption,
  dynamodbOption,
  faultsOption,
  portOption,
  printAddresses,
  startRunningStack,
  untilStopped,
} from '../running-stack.ts';

export const dev = new Command('dev')
  .summary('the local stack, until stopped: DynamoDB, EventBridge and HTTP endpoints')
  .description(`
Runs what serverless.yml deploys on this machine, until stopped. Prints its addresses, one "name: url" a line, and
"ready" as the last line. Any AWS SDK, and "aws events put-events", work with them:
AWS_ENDPOINT_URL_EVENTBRIDGE is the address named "eventbridge".

With --data, every auth event is recorded in events.jsonl of that folder, without secrets: for "replay".
`)
  .addOption(dataOption)
  .addOption(dynamodbOption)
  .addOption(portOption)
  .addOption(faultsOption)
  .addHelpText('after', `${examples('dev --data .tokenwright/data --port 4500')}\n${FAULTS_HELP}`)
  .action(async (options) => {
    const { data } = options;
    const running = await startRunningStack(options, data === undefined ? {} : recorder(join(data, 'events.jsonl')));
    printAddresses(running.stack);
    process.stdout.write('ready\n');
    await untilStopped(running);
  });
