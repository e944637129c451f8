import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { actions } from '../../lib/action/catalogue.ts';
import { OWN_SOURCE } from '../../lib/event/auth-event.ts';
import { publisher } from '../../lib/event/publish.ts';
import { check } from '../../lib/validate.ts';
import { type Command, noMoreThan, textOption, UsageError } from '../command.ts';
import { selectStack } from '../target.ts';

export const dlq: Command = {
  summary: 'list what could not be delivered, and put it back',
  help: `
Usage: tokenwright dlq list [--json]
       tokenwright dlq redrive [--json]

Reads the dead-letter queues of the local stack that "dev" or "start" runs, or of AWS with --stage: both what a rule
could not hand over and what a function gave up. "redrive" puts the events back on the bus and then takes them from
the queue; twice does no harm, a step is done once. A malformed event comes back until its sender mends it.
`,
  options: { json: { type: 'boolean' }, stage: { type: 'string' } },

  async run(args) {
    const { positionals, values } = args;
    const [verb] = positionals;
    noMoreThan(1, args);
    if (verb !== 'list' && verb !== 'redrive') throw new UsageError('takes one of list, redrive');
    const stage = textOption(values.stage);
    const { bus, results } = await selectStack(stage);
    const client = new SQSClient({});
    const letters = await readLetters(client, stage);
    if (verb === 'list') {
      await putBack(client, letters);
      const shown = letters.map(({ queue, reason, event }) => ({ queue, reason, event }));
      if (values.json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      else for (const letter of shown) process.stdout.write(describeLetter(letter));
      if (letters.length === 0) process.stderr.write('the dead-letter queues are empty\n');
      return 0;
    }
    const publish = publisher(new EventBridgeClient({}));
    const left: Letter[] = [];
    for (const letter of letters) {
      const { url, handle, event } = letter;
      const envelope = check(Envelope, event, 'bad_event');
      if (!envelope.ok) {
        left.push(letter);
        continue;
      }
      const { source, time, detail } = envelope.value;
      const kept =
        source === OWN_SOURCE
          ? detail
          : { ...detail, id: detail.id ?? envelope.value.id, occurred_at: detail.occurred_at ?? time };
      const DetailType = envelope.value['detail-type'];
      const isOutcome = source === OWN_SOURCE && DetailType !== STEP;
      const EventBusName = isOutcome ? results : bus;
      await publish([{ EventBusName, Source: source, DetailType, Detail: JSON.stringify(kept) }]);
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
    }
    await putBack(client, left);
    const redriven = letters.length - left.length;
    if (values.json) process.stdout.write(`${JSON.stringify({ redriven, left: left.length })}\n`);
    else process.stdout.write(`put back ${redriven}, left ${left.length}\n`);
    return left.length === 0 ? 0 : 1;
  },
};

/** Reading hides a message for a while: who only looks lets the next one see it. */
async function putBack(client: SQSClient, letters: readonly Letter[]): Promise<void> {
  for (const { url, handle } of letters) {
    const found = { QueueUrl: url, ReceiptHandle: handle };
    await client.send(new ChangeMessageVisibilityCommand({ ...found, VisibilityTimeout: 0 }));
  }
}

function describeLetter({ queue, reason, event }: Pick<Letter, 'queue' | 'reason' | 'event'>): string {
  return `${queue}  ${reason}\n    ${JSON.stringify(event)}\n`;
}

const Envelope = z.looseObject({
  id: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

interface Letter {
  readonly queue: string;
  readonly url: string;
  readonly handle: string;
  readonly reason: string;
  readonly event: unknown;
}

const STEP = 'token.action';

/** Long enough to read a queue and to put back what is in it. */
const HIDDEN_SECONDS = 120;

/** A stage's own queues: "prod" must not redrive what belongs to "prod-eu". */
function isOf(stage: string | undefined, url: string): boolean {
  if (stage === undefined) return true;
  const owners = ['dispatch', 'results-bus', ...actions.map(({ name }) => name.replaceAll(' ', '-'))];
  return owners.some((owner) => url.endsWith(`/tokenwright-${stage}-${owner}-dead-letters`));
}

async function readLetters(client: SQSClient, stage: string | undefined): Promise<Letter[]> {
  const letters: Letter[] = [];
  const { QueueUrls = [] } = await client.send(
    new ListQueuesCommand({ QueueNamePrefix: `tokenwright-${stage ?? ''}` }),
  );
  for (const url of QueueUrls.filter((one) => isOf(stage, one))) {
    const seen = new Set<string>();
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: HIDDEN_SECONDS,
        }),
      );
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const { MessageId = '' } of fresh) seen.add(MessageId);
      letters.push(...fresh.map((message) => toLetter(url, message)));
      if (fresh.length === 0) break;
    }
  }
  return letters;
}

const FunctionGaveUp = z.looseObject({ requestPayload: z.unknown(), responsePayload: z.optional(z.unknown()) });

/** Reads both forms: a function's failure record holds the event, a rule's dead letter is the event. */
function toLetter(url: string, { Body = 'null', ReceiptHandle = '', MessageAttributes = {} }: Message): Letter {
  const body = parseJson(Body);
  const gaveUp = check(FunctionGaveUp, body, 'bad_letter');
  const isRecord = gaveUp.ok && body !== null && typeof body === 'object' && 'requestPayload' in body;
  const said = [MessageAttributes.ERROR_CODE, MessageAttributes.ERROR_MESSAGE]
    .map((one) => one?.StringValue)
    .filter(Boolean);
  return {
    queue: url.slice(url.lastIndexOf('/') + 1),
    url,
    handle: ReceiptHandle,
    reason: isRecord ? `the function failed: ${JSON.stringify(gaveUp.value.responsePayload ?? null)}` : said.join(': '),
    event: isRecord ? gaveUp.value.requestPayload : body,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
