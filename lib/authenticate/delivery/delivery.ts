/**
 * How one-time passwords come to their owners: by e-mail (SES v2) or as a text message (AWS End User Messaging). Either
 * client is loaded with the first message: most logins send none.
 */
import { TokenwrightError } from '../../base/error.ts';

export interface Message {
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly text: string;
  /** Of an e-mail. */
  readonly subject: string;
}

/** Hands a message over. @throws TokenwrightError `not_sent` where it was not taken */
export type Deliver = (message: Message) => Promise<void>;

export interface DeliveryNames {
  /** The address that e-mails come from, verified in SES; empty: none are sent. */
  readonly MAIL_FROM: string;
  /** The number, sender id or pool that text messages come from; empty: the account's own choice. */
  readonly SMS_ORIGINATION: string;
  readonly REQUEST_TIMEOUT_MS: number;
}

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
