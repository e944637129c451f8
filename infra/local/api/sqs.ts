/** SQS: the calls that write and read dead letters. */
import { type Json, list, number } from '../json.ts';
import { md5, md5OfAttributes, parseAttributes, type Queues, type Received } from '../queues.ts';
import type { Queue } from '../wiring.ts';
import { AwsRefusal, type Operations, required } from './operation.ts';

export function sqs(queues: Queues): Operations {
  const queueOf = (input: Json): Queue => {
    const queue = queues.find(required(input, 'QueueUrl'));
    if (queue !== undefined) return queue;
    throw new AwsRefusal('QueueDoesNotExist', 'The specified queue does not exist.');
  };

  return {
    SendMessage: (input) => {
      const queue = queueOf(input);
      const body = required(input, 'MessageBody');
      const message = queues.send(queue, body, parseAttributes(input.MessageAttributes));
      return {
        MessageId: message.id,
        MD5OfMessageBody: md5(body),
        ...(hasAny(message.attributes) ? { MD5OfMessageAttributes: md5OfAttributes(message.attributes) } : {}),
      };
    },

    ReceiveMessage: (input) => {
      const queue = queueOf(input);
      const received = queues.receive(
        queue,
        number(input.MaxNumberOfMessages) ?? 1,
        number(input.VisibilityTimeout) ?? 30,
      );
      return received.length === 0 ? {} : { Messages: received.map((message) => shown(message, input)) };
    },

    ChangeMessageVisibility: (input) => {
      const seconds = number(input.VisibilityTimeout) ?? 0;
      queues.hide(queueOf(input), required(input, 'ReceiptHandle'), seconds);
      return {};
    },

    DeleteMessage: (input) => {
      queues.delete(queueOf(input), required(input, 'ReceiptHandle'));
      return {};
    },
  };
}

function shown(message: Received, input: Json): Json {
  const wanted = list(input.MessageAttributeNames).map(String);
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      wanted.some((one) => one === 'All' || one === '.*' || one === name),
    ),
  );
  const system = { SentTimestamp: String(message.sentAt), ApproximateReceiveCount: String(message.receiveCount) };
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: system,
    ...(hasAny(attributes)
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
}

function hasAny(attributes: object): boolean {
  return Object.keys(attributes).length > 0;
}
