import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from '@commander-js/extra-typings';
import { Ended, examples, jsonOption, stageOption, UsageError } from '../command.ts';
import { count } from '../output/display.ts';
import { unreachable } from '../output/errors.ts';
import {
  type Buses,
  deleteDeadLetter,
  putBack,
  type ReceivedDeadLetter,
  readDeadLetters,
  redrive,
  showDeadLetter,
} from '../stack/dead-letters.ts';
import type { Tables } from '../stack/environment.ts';
import { selectStack } from '../stack/target.ts';

/** Declares a verb on the dead letters that a filter matches. */
function verb(name: string) {
  return new Command(name)
    .option('--function <name>', 'only for functions whose name contains this')
    .option('--queue <name>', 'only of queues whose name contains this')
    .option('--action <name>', 'only steps of this action, such as "set validity"')
    .option('--serial <serial>', 'only about this token')
    .option('--event <id>', 'only of the auth event with this id')
    .addOption(jsonOption)
    .addOption(stageOption);
}

const list = verb('list')
  .summary('list what could not be delivered, why, and since when')
  .description('Lists the dead letters: since when each waits, where, what it is about, why it failed, and the event.')
  .addHelpText('after', examples('dlq list --action disable'))
  .action(async ({ json, stage, ...filter }) => {
    await listDeadLetters(await selectStack(stage), filterOf(filter), json);
  });

const redriveVerb = verb('redrive')
  .summary('put dead letters back on the bus')
  .description(`
Puts the events back on the bus, and then deletes them from the queue. Repeating it is harmless: each step is done once.
An event that the bus refuses stays in the queue. A malformed event becomes a dead letter again; delete it, or have its
sender correct it.
`)
  .addHelpText('after', examples('dlq redrive --stage prod --serial TOTP0001'))
  .action(async ({ json, stage, ...filter }) => {
    await redriveAll(await selectStack(stage), filterOf(filter), json);
  });

const remove = verb('delete')
  .summary('delete dead letters from the queues')
  .description('Deletes dead letters; their steps will never be done. At least one filter is required, or --all.')
  .option('--all', 'every dead letter')
  .addHelpText('after', examples('dlq delete --event 6f1c2d', 'dlq delete --queue Dispatch --stage prod'))
  .action(async ({ json, stage, all, ...filter }) => {
    if (!all && Object.keys(filter).length === 0) throw new UsageError('deletes nothing without a filter, or --all');
    const { deadLetters } = await selectStack(stage);
    const client = new SQSClient({});
    let deleted = 0;
    for (const deadLetter of await gathered(client, deadLetters)) {
      if (filterOf(filter)(deadLetter)) {
        await deleteDeadLetter(client, deadLetter);
        deleted += 1;
      } else await putBack(client, deadLetter);
    }
    process.stdout.write(json ? `${JSON.stringify({ deleted })}\n` : `deleted ${count(deleted, 'dead letter')}\n`);
  });

/** Reads all dead letters before any is put back, since that one would be read again. */
async function gathered(client: SQSClient, queues: readonly string[]): Promise<ReceivedDeadLetter[]> {
  const found: ReceivedDeadLetter[] = [];
  for await (const deadLetter of readDeadLetters(client, queues)) found.push(deadLetter);
  return found;
}

export const dlq = new Command('dlq')
  .summary('dead letters: list, put back on the bus, delete')
  .description(`
Reads the dead-letter queues of the local stack that "dev" or "start" runs, or of AWS with --stage. They hold events that
a rule could not deliver, and events that a function failed to process. Several filters must all match.
`)
  .addCommand(list)
  .addCommand(redriveVerb)
  .addCommand(remove);

interface DeadLetterFilter {
  readonly function?: string | undefined;
  readonly queue?: string | undefined;
  readonly action?: string | undefined;
  readonly serial?: string | undefined;
  readonly event?: string | undefined;
}
type Wanted = (deadLetter: ReceivedDeadLetter) => boolean;

function filterOf({ function: lambda, queue, action, serial, event }: DeadLetterFilter): Wanted {
  return (deadLetter) =>
    (lambda === undefined || deadLetter.function?.includes(lambda) === true) &&
    (queue === undefined || deadLetter.queue.includes(queue)) &&
    (action === undefined || deadLetter.action === action.trim().toLowerCase()) &&
    (serial === undefined || deadLetter.serials.includes(serial)) &&
    (event === undefined || deadLetter.event_id === event);
}

async function listDeadLetters({ deadLetters }: Tables, wanted: Wanted, json: true | undefined): Promise<void> {
  const client = new SQSClient({});
  const found = await gathered(client, deadLetters);
  for (const deadLetter of found) await putBack(client, deadLetter);
  const shown = found.filter(wanted).map(showDeadLetter);
  if (json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else for (const deadLetter of shown) process.stdout.write(describeDeadLetter(deadLetter));
  if (shown.length === 0)
    process.stderr.write(`${found.length === 0 ? 'the dead-letter queues are empty' : 'no dead letter matches'}\n`);
}

function describeDeadLetter({
  function: lambda,
  queue,
  since,
  what,
  serials,
  event_id,
  reason,
  event,
}: ReturnType<typeof showDeadLetter>): string {
  const about = [what ?? 'no event', ...serials, ...(event_id === null ? [] : [`(event ${event_id})`])].join(' ');
  return `${since}  ${lambda ?? queue}  ${about}\n    ${reason}\n    ${JSON.stringify(event)}\n`;
}

async function redriveAll(tables: Tables, wanted: Wanted, json: true | undefined): Promise<void> {
  const sqs = new SQSClient({});
  const events = new EventBridgeClient({});
  const started = Date.now();
  const others: ReceivedDeadLetter[] = [];
  const left: ReceivedDeadLetter[] = [];
  let [redriven, newer] = [0, 0];
  for await (const deadLetter of readDeadLetters(sqs, tables.deadLetters)) {
    // A dead letter that came since failed again: it is not put back in an endless loop.
    const isNewer = Date.parse(deadLetter.since) > started;
    if (isNewer) newer += 1;
    if (isNewer || !wanted(deadLetter)) others.push(deadLetter);
    else if (await redriveOne(deadLetter, tables, sqs, events)) redriven += 1;
    else left.push(deadLetter);
  }
  for (const deadLetter of [...others, ...left]) await putBack(sqs, deadLetter);
  if (newer > 0) process.stderr.write(`${newer} came meanwhile: call again for those\n`);
  if (json) process.stdout.write(`${JSON.stringify({ redriven, left: left.length })}\n`);
  else process.stdout.write(`put back ${redriven}, left ${left.length}\n`);
  if (left.length > 0) throw new Ended(1);
}

/** Puts one dead letter back. One that the bus refuses must not hold up the others. @throws an error that concerns them all */
async function redriveOne(
  deadLetter: ReceivedDeadLetter,
  buses: Buses,
  sqs: SQSClient,
  events: EventBridgeClient,
): Promise<boolean> {
  try {
    if (await redrive(deadLetter, buses, sqs, events)) return true;
    process.stderr.write(`left: ${deadLetter.queue}: not an event that a bus takes\n`);
  } catch (error) {
    if (unreachable(error)) throw error;
    process.stderr.write(`left: ${deadLetter.queue}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return false;
}
