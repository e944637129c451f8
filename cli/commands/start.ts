import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { FAULTS_HELP } from '../../infra/local/faults/specification.ts';
import { processClock } from '../../lib/base/clock.ts';
import { parseAuthEvent } from '../../lib/event/auth-event.ts';
import { OWN_SOURCE } from '../../lib/event/source.ts';
import { describeError } from '../../lib/schema/validate.ts';
import { CLONE } from '../clone.ts';
import { colours, describeOutcome, describeResult, type Paint } from '../display.ts';
import { OutcomeLog, playEvent } from '../play.ts';
import { readScenarioDocument } from '../read-file.ts';
import {
  dataOption,
  dynamodbOption,
  faultsOption,
  portOption,
  printAddresses,
  startRunningStack,
  untilStopped,
} from '../running-stack.ts';
import { readScenario, type ScenarioEvent } from '../scenario.ts';
import { seed } from '../seed.ts';
import { tablesOf } from '../tables.ts';

const EXAMPLES = join(CLONE, 'examples', 'scenario.yaml');

export const start = new Command('start')
  .summary('the local stack with the examples: plays a recorded stream of events and shows what happens')
  .description(`
Starts the local stack, loads examples/scenario.yaml, plays its events through the EventBridge endpoint and shows
each event, each step and each changed field; then stays up for events of your own, until Ctrl-C.
`)
  .addOption(dataOption)
  .addOption(dynamodbOption)
  .addOption(portOption)
  .addOption(faultsOption)
  .addHelpText('after', FAULTS_HELP)
  .action(async (options) => {
    const paint = colours(process.stdout);
    const log = new OutcomeLog();
    let playing = true;
    let results = '';
    const running = await startRunningStack(options, {
      concurrency: 1,
      // The examples come when they say they did; whatever follows, when it is put.
      arrival: (time) => (playing ? time : processClock().now()),
      onEvent: (bus, envelope) => {
        if (bus !== results) {
          if (!playing && envelope.source !== OWN_SOURCE)
            process.stdout.write(`\n${describeArrival(envelope, paint)}\n`);
          return;
        }
        log.addEvent(envelope);
        if (!playing) process.stdout.write(`${describeResult(envelope, paint)}\n`);
      },
    });
    const { stack, signal } = running;
    const tables = tablesOf(stack.environment);
    results = tables.results;
    const scenario = await readScenario(await readScenarioDocument(EXAMPLES), Date.now());
    const isFirstStart = await seed(scenario, tables).then(() => true, alreadyThere);
    if (!isFirstStart) process.stderr.write('the examples are there already; their events are played again\n');
    printAddresses(stack);
    for (const event of scenario.events) {
      if (signal.aborted) break;
      const before = log.all.length;
      process.stdout.write(`\n${describeEvent(event, paint)}\n`);
      await playEvent(event, { stack, bus: tables.bus, log });
      await stack.idle();
      const outcomes = log.all.slice(before);
      for (const outcome of outcomes) process.stdout.write(`${describeOutcome(outcome, paint)}\n`);
      if (outcomes.length === 0) process.stdout.write(`  ${paint('dim', 'no definition matched')}\n`);
    }
    playing = false;
    if (!signal.aborted) process.stdout.write(`\n${tryYourOwn(stack.endpoints.eventbridge, tables.bus)}\nready\n`);
    await untilStopped(running);
    process.stdout.write('stopped\n');
  });

function alreadyThere(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'token_exists') return false;
  throw error;
}

/** An event of somebody's own, as the bus got it. */
function describeArrival(envelope: unknown, paint: Paint): string {
  const parsed = parseAuthEvent(envelope);
  if (parsed.ok) return describeEvent({ event: parsed.value }, paint);
  const faults = parsed.errors.map(describeError).join('; ');
  return `${paint('red', 'malformed event')}: ${faults}  (see: npx tokenwright dlq list)`;
}

function describeEvent({ event }: Pick<ScenarioEvent, 'event'>, paint: Paint): string {
  const about = event.serials.join(', ') || event.user?.login || 'nobody';
  const time = new Date(event.occurredAt).toISOString();
  return `${paint('cyan', time)} ${paint('bold', event.name)} ${about} ${paint('dim', `(${event.source}, ${event.position}, ${event.id})`)}`;
}

/** Lines to paste: an event of one's own, with the endpoint variables of every AWS SDK. */
function tryYourOwn(endpoint: string, bus: string): string {
  const detail = { serial: 'TOTP0001', response: { result: { status: true, value: false, authentication: 'REJECT' } } };
  const entry = {
    EventBusName: bus,
    Source: 'privacyidea',
    DetailType: 'validate_check',
    Detail: JSON.stringify(detail),
  };
  return [
    'Put an event of your own (another terminal, the same folder):',
    `  echo '${JSON.stringify({ source: 'privacyidea', 'detail-type': 'validate_check', detail })}' | npx tokenwright events put -`,
    'or with the AWS command line, or any AWS SDK:',
    `  AWS_ENDPOINT_URL_EVENTBRIDGE=${endpoint} AWS_REGION=eu-central-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\`,
    `    aws events put-events --entries '${JSON.stringify([entry])}'`,
    'Then look: npx tokenwright tokens show TOTP0001          Stop: Ctrl-C',
  ].join('\n');
}
