/**
 * How one-time passwords come to their owners: by e-mail (SES v2) or as a text message (AWS End User Messaging). Either
 * client is loaded with the first message: most logins send none.
 */
import { TokenwrightError } from '../../base/error.ts';
import type { Deliver, DeliveryNames, Message } from './aws-senders.ts';

export function delivery(names: DeliveryNames): Deliver {
  let senders: Promise<Readonly<Record<Message['channel'], Deliver>>> | undefined;
  return async (message) => {
    senders ??= import('./aws-senders.ts').then(({ awsSenders }) => awsSenders(names));
    try {
      await (await senders)[message.channel](message);
    } catch (error) {
      // What the service says may hold the address; its name is enough to find the cause.
      const reason = error instanceof Error ? error.name : 'unknown';
      throw new TokenwrightError('not_sent', `the ${message.channel} was not taken: ${reason}`);
    }
  };
}
