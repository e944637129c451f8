import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from '@commander-js/extra-typings';
import { Ended, examples, jsonOption, stageOption, UsageError } from '../command.ts';
import { count } from '../output/display.ts';
import { unreachable } from '../output/errors.ts';
import {
  type Buses,
  deleteLetter,
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
    .option('--function <name>', 'for this function, or for those whose name contains this')
    .option('--queue <name>', 'dead letters of this queue, or of the queues whose name contains this')
    .option('--action <name>', 'steps of this action, as in "set validity"')
    .option('--serial <serial>', 'about this token')
    .option('--event <id>', 'of the auth event with this id')
    .addOption(jsonOption)
    .addOption(stageOption);
}

const list = verb('list')
  .summary('what could not be delivered, why, and since when')
  .addHelpText('after', examples('dlq list --action disable'))
  .action(async ({ json, stage, ...filter }) => {
    await listLetters(await selectStack(stage), filterOf(filter), json);
  });

const redriveVerb = verb('redrive')
  .summary('put dead letters back on the bus')
  .description(`
Puts the events back on the bus, and then deletes them from the queue. Doing so twice is harmless: each step is done once.
What the bus refuses stays in the queue. A malformed event comes back until its sender corrects it.
`)
  .addHelpText('after', examples('dlq redrive --stage prod --serial TOTP0001'))
  .action(async ({ json, stage, ...filter }) => {
    await redriveAll(await selectStack(stage), filterOf(filter), json);
  });

const remove = verb('delete')
  .summary('delete dead letters from the queues')
  .description('What is deleted will never be done. At least one filter is required, or --all.')
  .option('--all', 'every dead letter')
  .addHelpText('after', examples('dlq delete --event 6f1c2d', 'dlq delete --queue Dispatch --stage prod'))
  .action(async ({ json, stage, all, ...filter }) => {
    if (!all && Object.keys(filter).length === 0) throw new UsageError('deletes nothing without a filter, or --all');
    const { deadLetters } = await selectStack(stage);
    const client = new SQSClient({});
    let deleted = 0;
    for (const letter of await gathered(client, deadLetters)) {
      if (filterOf(filter)(letter)) {
        await deleteLetter(client, letter);
        deleted += 1;
      } else await putBack(client, letter);
    }
    process.stdout.write(json ? `${JSON.stringify({ deleted })}\n` : `deleted ${count(deleted, 'letter')}\n`);
  });

/** Reads all dead letters before any is put back, since that one would be read again. */
async function gathered(client: SQSClient, queues: readonly string[]): Promise<ReceivedDeadLetter[]> {
  const letters: ReceivedDeadLetter[] = [];
  for await (const letter of readDeadLetters(client, queues)) letters.push(letter);
  return letters;
}

export const dlq = new Command('dlq')
  .summary('list what could not be delivered, put it back, or delete it')
  .description(`
Reads the dead-letter queues of the local stack that "dev" or "start" runs, or of AWS with --stage: both what a rule
could not hand over and what a function gave up. Of several filters, all must hold.
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
type Wanted = (letter: ReceivedDeadLetter) => boolean;

function filterOf({ function: lambda, queue, action, serial, event }: DeadLetterFilter): Wanted {
  return (letter) =>
    (lambda === undefined || letter.function?.includes(lambda) === true) &&
    (queue === undefined || letter.queue.includes(queue)) &&
    (action === undefined || letter.action === action.trim().toLowerCase()) &&
    (serial === undefined || letter.serials.includes(serial)) &&
    (event === undefined || letter.event_id === event);
}

async function listLetters({ deadLetters }: Tables, wanted: Wanted, json: true | undefined): Promise<void> {
  const client = new SQSClient({});
  const found = await gathered(client, deadLetters);
  for (const letter of found) await putBack(client, letter);
  const shown = found.filter(wanted).map(showDeadLetter);
  if (json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else for (const letter of shown) process.stdout.write(describeDeadLetter(letter));
  if (shown.length === 0)
    process.stderr.write(`${found.length === 0 ? 'the dead-letter queues are empty' : 'none of them'}\n`);
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
  for await (const letter of readDeadLetters(sqs, tables.deadLetters)) {
    // A dead letter that came since failed again: it is not put back in an endless loop.
    const isNewer = Date.parse(letter.since) > started;
    if (isNewer) newer += 1;
    if (isNewer || !wanted(letter)) others.push(letter);
    else if (await redriveOne(letter, tables, sqs, events)) redriven += 1;
    else left.push(letter);
  }
  for (const letter of [...others, ...left]) await putBack(sqs, letter);
  if (newer > 0) process.stderr.write(`${newer} came meanwhile: call again for those\n`);
  if (json) process.stdout.write(`${JSON.stringify({ redriven, left: left.length })}\n`);
  else process.stdout.write(`put back ${redriven}, left ${left.length}\n`);
  if (left.length > 0) throw new Ended(1);
}

/** What the bus refuses must not keep the letters behind it. @throws whatever hinders all of them */
async function redriveOne(
  letter: ReceivedDeadLetter,
  buses: Buses,
  sqs: SQSClient,
  events: EventBridgeClient,
): Promise<boolean> {
  try {
    if (await redrive(letter, buses, sqs, events)) return true;
    process.stderr.write(`left: ${letter.queue}: not an event that a bus takes\n`);
  } catch (error) {
    if (unreachable(error)) throw error;
    process.stderr.write(`left: ${letter.queue}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return false;
}
