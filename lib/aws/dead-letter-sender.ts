/** Sends dead letters to an SQS queue. `dead-letters.ts` loads it with the first one. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { requestHandler } from './clients.ts';

export interface DeadLetter {
  readonly body: string;
  /** Texts, as EventBridge's own dead letters have them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Sends a dead letter. @throws the SDK's errors, which are transient */
export type SendDeadLetter = (letter: DeadLetter) => Promise<void>;

export function deadLetterSender(QueueUrl: string): SendDeadLetter {
  const client = new SQSClient({ requestHandler: requestHandler() });
  return async ({ body, attributes }) => {
    const typed = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
    const MessageAttributes = Object.fromEntries(typed);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
  };
}
