/** SQS: the calls that those who write and read dead letters make. */
import { type Json, list, number, text } from '../json.ts';
import { md5, md5OfAttributes, parseAttributes, type Queues, type Received } from '../queues.ts';
import type { Queue } from '../wiring.ts';
import { type Operations, Refusal, required } from './operation.ts';

export function sqs(queues: Queues): Operations {
  const queueOf = (nameOrUrl: string): Queue => {
    const queue = queues.find(nameOrUrl);
    if (queue !== undefined) return queue;
    throw new Refusal('QueueDoesNotExist', 'The specified queue does not exist.');
  };

  return {
    ListQueues: ({ QueueNamePrefix }) => ({
      QueueUrls: queues.all.filter(({ name }) => name.startsWith(text(QueueNamePrefix) ?? '')).map(({ url }) => url),
    }),

    GetQueueUrl: (input) => ({ QueueUrl: queueOf(required(input, 'QueueName')).url }),

    GetQueueAttributes: (input) => {
      const queue = queueOf(required(input, 'QueueUrl'));
      const all = { QueueArn: queue.arn, ApproximateNumberOfMessages: String(queues.peek(queue).length) };
      const wanted = list(input.AttributeNames);
      const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
      return { Attributes: Object.fromEntries(chosen) };
    },

    SendMessage: (input) => {
      const queue = queueOf(required(input, 'QueueUrl'));
      const body = required(input, 'MessageBody');
      const message = queues.send(queue, body, parseAttributes(input.MessageAttributes));
      return {
        MessageId: message.id,
        MD5OfMessageBody: md5(body),
        ...(hasAny(message.attributes) ? { MD5OfMessageAttributes: md5OfAttributes(message.attributes) } : {}),
      };
    },

    ReceiveMessage: (input) => {
      const queue = queueOf(required(input, 'QueueUrl'));
      const received = queues.receive(
        queue,
        number(input.MaxNumberOfMessages) ?? 1,
        number(input.VisibilityTimeout) ?? 30,
      );
      return received.length === 0 ? {} : { Messages: received.map((message) => shown(message, input)) };
    },

    ChangeMessageVisibility: (input) => {
      const seconds = number(input.VisibilityTimeout) ?? 0;
      queues.hide(queueOf(required(input, 'QueueUrl')), required(input, 'ReceiptHandle'), seconds);
      return {};
    },

    DeleteMessage: (input) => {
      queues.delete(queueOf(required(input, 'QueueUrl')), required(input, 'ReceiptHandle'));
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
