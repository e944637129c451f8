/**
 * E-mails (SES v2) and text messages (AWS End User Messaging): keeps them for tests and the command line, sends none.
 */
import { randomUUID } from 'node:crypto';
import { list, record, text } from '../json.ts';
import { type Operations, required } from './operation.ts';

export interface SentMessage {
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly text: string;
}

export interface Outbox {
  readonly sent: readonly SentMessage[];
  /** `SendTextMessage`. */
  readonly sms: Operations;
  /** `SendEmail`, named by its path, because SES v2 is a REST API. */
  readonly email: Operations;
}

/** @param onSent is told of each message */
export function openOutbox(onSent: (message: SentMessage) => void = () => undefined): Outbox {
  const sent: SentMessage[] = [];
  const keep = (message: SentMessage): { readonly MessageId: string } => {
    sent.push(message);
    onSent(message);
    return { MessageId: randomUUID() };
  };
  return {
    sent,
    sms: {
      SendTextMessage: (input) =>
        keep({ channel: 'sms', to: required(input, 'DestinationPhoneNumber'), text: text(input.MessageBody) ?? '' }),
    },
    email: {
      'POST /v2/email/outbound-emails': (input) => {
        const body = record(record(record(input.Content).Simple).Body);
        const to = list(record(input.Destination).ToAddresses).map(String).join(', ');
        return keep({ channel: 'email', to, text: text(record(body.Text).Data) ?? '' });
      },
    },
  };
}
