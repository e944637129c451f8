/** A dead-letter queue, written to. Its client is loaded with the first letter: most processes never write one. */
import { requestHandler } from './clients.ts';

export interface Letter {
  readonly body: string;
  /** Texts, as EventBridge's own dead letters have them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** @returns sends one letter @throws whatever is transient */
export function deadLetterQueue(url: string): (letter: Letter) => Promise<void> {
  const connect = once(async () => {
    const sqs = await import('@aws-sdk/client-sqs');
    return { sqs, client: new sqs.SQSClient({ requestHandler: requestHandler() }) };
  });
  return async ({ body, attributes }) => {
    const { sqs, client } = await connect();
    const typed = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
    const MessageAttributes = Object.fromEntries(typed);
    await client.send(new sqs.SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }));
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
