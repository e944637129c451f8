/**
 * Reads dead letters and puts them back. A dead letter has one of two forms: an event that a rule could not deliver, with
 * the reason as message attributes; or a Lambda failure record, which contains the event.
 */

import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { isoTime } from '../../lib/base/clock.ts';
import { isObject } from '../../lib/base/object.ts';
import { eventTime, readHandedOver } from '../../lib/event/arrival.ts';
import { dropSecrets, OWN_SOURCE } from '../../lib/event/boundary.ts';
import { BULK_STEP } from '../../lib/event/bulk.ts';
import { publisher } from '../../lib/event/publish.ts';
import { check } from '../../lib/schema/validate.ts';

/** A dead letter that was received: hidden from others until it is deleted, put back, or two minutes have passed. */
export interface ReceivedDeadLetter {
  readonly queue: string;
  /** The function that it was sent to; null if unknown. */
  readonly function: string | null;
  /** When it was put into the queue, ISO 8601. */
  readonly since: string;
  readonly reason: string;
  /** The name of an auth event, or the action of a step. */
  readonly what: string | null;
  readonly action: string | null;
  readonly serials: readonly string[];
  /** The auth event's id. */
  readonly event_id: string | null;
  /** The event that would be put back. */
  readonly event: unknown;
  /** When the bus first received it, in milliseconds since 1970; undefined if the dead letter does not tell. */
  readonly arrived: number | undefined;
  readonly url: string;
  readonly handle: string;
}

/** Types of our own events that belong on the bus of events and steps; all others go on the results bus. */
const STEPS: readonly string[] = ['token.action', BULK_STEP];
const HIDDEN_SECONDS = 120;

/** Receives the dead letters of the queues with these URLs, page by page. */
export async function* readDeadLetters(client: SQSClient, urls: readonly string[]): AsyncGenerator<ReceivedDeadLetter> {
  for (const url of urls) {
    const seen = new Set<string>();
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
          VisibilityTimeout: HIDDEN_SECONDS,
        }),
      );
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const message of fresh) {
        seen.add(message.MessageId ?? '');
        yield toDeadLetter(url, message);
      }
      if (fresh.length === 0) break;
    }
  }
}

/** Makes a dead letter visible again, for the next reader. */
export async function putBack(
  client: SQSClient,
  { url, handle }: Pick<ReceivedDeadLetter, 'url' | 'handle'>,
): Promise<void> {
  const found = { QueueUrl: url, ReceiptHandle: handle };
  await client.send(new ChangeMessageVisibilityCommand({ ...found, VisibilityTimeout: 0 }));
}

/** The buses that dead letters are put back on. */
export interface Buses {
  readonly bus: string;
  readonly results: string;
}

/**
 * Puts the event of one dead letter back on its bus, then deletes the dead letter. A stop in between leaves both, and a
 * later call puts the event back again: this is harmless, since each step is done once.
 *
 * @returns false if it is not an event that a bus takes; the dead letter stays
 * @throws Error if the bus refuses it
 */
export async function redrive(
  deadLetter: ReceivedDeadLetter,
  { bus, results }: Buses,
  sqs: SQSClient,
  events: EventBridgeClient,
): Promise<boolean> {
  const envelope = check(Envelope, deadLetter.event, 'bad_event');
  if (!envelope.ok) return false;
  const { source, time, id, detail } = envelope.value;
  const own = source === OWN_SOURCE;
  // The bus assigns a new time and id: the event keeps its own ones in its detail.
  const occurred = isoTime(eventTime({ time: Date.parse(time) }, deadLetter.arrived));
  const kept = own ? detail : { ...detail, id: detail.id ?? id, occurred_at: detail.occurred_at ?? occurred };
  const DetailType = envelope.value['detail-type'];
  const EventBusName = own && !STEPS.includes(DetailType) ? results : bus;
  await publisher(events)([{ EventBusName, Source: source, DetailType, Detail: JSON.stringify(kept) }]);
  await deleteDeadLetter(sqs, deadLetter);
  return true;
}

/** Deletes a dead letter from its queue. */
export async function deleteDeadLetter(
  sqs: SQSClient,
  { url, handle }: Pick<ReceivedDeadLetter, 'url' | 'handle'>,
): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
}

/** Returns a dead letter without secrets: an outcome's response may hold one, and is left out. */
export function showDeadLetter({ url: _url, handle: _handle, arrived: _arrived, event, ...shown }: ReceivedDeadLetter) {
  const envelope = check(Envelope, dropSecrets(event).value, 'bad_event');
  if (!envelope.ok || envelope.value.source !== OWN_SOURCE) return { ...shown, event: dropSecrets(event).value };
  const { response: _response, ...detail } = envelope.value.detail;
  return { ...shown, event: { ...envelope.value, detail } };
}

const Envelope = z.looseObject({
  id: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** What Lambda puts into the queue when an asynchronous invocation has failed for the last time. */
const FailureRecord = z.looseObject({
  requestPayload: z.unknown(),
  responsePayload: z.optional(z.unknown()),
  requestContext: z.catch(z.optional(z.looseObject({ functionArn: z.string() })), undefined),
});

/** Reads `tokenwright-prod-disable` from `arn:aws:lambda:...:function:tokenwright-prod-disable:$LATEST`. */
function functionOf(arn = ''): string | null {
  return /:function:([^:]+)/.exec(arn)?.[1] ?? null;
}

/** Reads a message of either form. */
function toDeadLetter(url: string, message: Message): ReceivedDeadLetter {
  const { Body = 'null', ReceiptHandle = '', MessageAttributes = {} } = message;
  const body = parseJson(Body);
  const record = check(FailureRecord, body, 'bad_letter');
  const isRecord = record.ok && isObject(body) && 'requestPayload' in body;
  const said = [MessageAttributes.ERROR_CODE, MessageAttributes.ERROR_MESSAGE]
    .map((one) => one?.StringValue)
    .filter(Boolean);
  const { event, arrived } = readHandedOver(isRecord ? record.value.requestPayload : body);
  return {
    queue: url.slice(url.lastIndexOf('/') + 1),
    function: functionOf(
      isRecord ? record.value.requestContext?.functionArn : MessageAttributes.TARGET_ARN?.StringValue,
    ),
    since: isoTime(Number(message.Attributes?.SentTimestamp ?? 0)),
    reason: isRecord ? `the function failed: ${JSON.stringify(record.value.responsePayload ?? null)}` : said.join(': '),
    ...aboutOf(event),
    event,
    arrived: arrived.ok ? arrived.value : undefined,
    url,
    handle: ReceiptHandle,
  };
}

const text = z.catch(z.nullable(z.string()), null);
const identified = z.catch(z.looseObject({ id: text }), { id: null });
/** A page or a turn of a bulk run. Only the id of its event is read. */
const ofRun = z.catch(z.looseObject({ slip: z.looseObject({ event: identified }) }), { slip: { event: { id: null } } });
const About = z.looseObject({
  id: text,
  'detail-type': text,
  detail: z.catch(
    z.looseObject({
      id: text,
      action: text,
      serial: text,
      request: z.catch(z.looseObject({ serial: text }), { serial: null }),
      event: identified,
      run: ofRun,
    }),
    {
      id: null,
      action: null,
      serial: null,
      request: { serial: null },
      event: { id: null },
      run: { slip: { event: { id: null } } },
    },
  ),
});

/** Reads what an event is about, as far as it can be read: a dead letter may hold anything. */
function aboutOf(event: unknown): Pick<ReceivedDeadLetter, 'what' | 'action' | 'serials' | 'event_id'> {
  const read = check(About, event, 'bad_letter');
  if (!read.ok) return { what: null, action: null, serials: [], event_id: null };
  const { id, detail, 'detail-type': name } = read.value;
  const serial = detail.request.serial ?? detail.serial ?? '';
  return {
    what: detail.action ?? name,
    action: detail.action,
    serials: serial
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
    event_id: detail.event.id ?? detail.run.slip.event.id ?? detail.id ?? id,
  };
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}
