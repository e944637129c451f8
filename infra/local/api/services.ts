/** The AWS services of the local stack, other than DynamoDB, with the prefixes of their `X-Amz-Target` headers. */
import type { Bus } from '../bus.ts';
import type { Keys } from '../keys.ts';
import type { Queues } from '../queues.ts';
import { eventBridge } from './eventbridge.ts';
import { kms } from './kms.ts';
import type { Outbox } from './messages.ts';
import type { Service } from './server.ts';
import { sqs } from './sqs.ts';

interface ServiceParts {
  readonly bus: Bus;
  readonly queues: Queues;
  readonly keys: Keys;
  readonly outbox: Outbox;
  readonly region: string;
  /** The clock of the buses, in milliseconds since 1970. */
  readonly now: () => number;
  /** The arrival of an event with that `Time`; absent: when it is put. */
  readonly arrival: ((time: number) => number) | undefined;
}

/** Builds the services of a stack. */
export function servicesOf({ bus, queues, keys, outbox, region, now, arrival }: ServiceParts): Service[] {
  return [
    { target: 'AWSEvents', name: 'events', operations: eventBridge(bus, region, now, arrival) },
    { target: 'AmazonSQS', name: 'sqs', operations: sqs(queues) },
    { target: 'TrentService', name: 'kms', operations: kms(keys) },
    { target: 'PinpointSMSVoiceV2', name: 'sms-voice', operations: outbox.sms },
    { target: '', name: 'ses', operations: outbox.email },
  ];
}
