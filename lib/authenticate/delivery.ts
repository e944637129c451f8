/**
 * Sends one-time passwords to their owners, by e-mail (SES v2) or as a text message (AWS End User Messaging). The AWS
 * clients are loaded with the first message, since most logins send none.
 */
import { TokenwrightError } from '../base/error.ts';
import type { Deliver, DeliveryNames, PasswordMessage } from './aws-senders.ts';

/** Makes the sender of messages. Its errors are `not_sent`, without the address. */
export function delivery(names: DeliveryNames): Deliver {
  let senders: Promise<Readonly<Record<PasswordMessage['channel'], Deliver>>> | undefined;
  return async (message) => {
    senders ??= import('./aws-senders.ts').then(({ awsSenders }) => awsSenders(names));
    try {
      await (await senders)[message.channel](message);
    } catch (error) {
      // The service's own message may contain the address, so it is not kept as the cause.
      const reason = error instanceof Error ? error.name : 'unknown';
      throw new TokenwrightError('not_sent', `the ${message.channel} was not taken: ${reason}`);
    }
  };
}
