/** The senders on AWS; loaded by `delivery.ts`, with the first message. */
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { requestHandler } from '../../aws/clients.ts';
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

/** Tried twice: a person is waiting, and a third message of the same password helps nobody. */
const MAX_ATTEMPTS = 2;

export function awsSenders({ MAIL_FROM, SMS_ORIGINATION, REQUEST_TIMEOUT_MS }: DeliveryNames) {
  const options = { requestHandler: requestHandler(REQUEST_TIMEOUT_MS), maxAttempts: MAX_ATTEMPTS };
  const mail = new SESv2Client(options);
  const messages = new PinpointSMSVoiceV2Client(options);
  return {
    async email({ to, text, subject }: Message): Promise<void> {
      if (MAIL_FROM === '') throw new TokenwrightError('no_sender', 'no address is configured that e-mails come from');
      const Simple = { Subject: { Data: subject }, Body: { Text: { Data: text } } };
      await mail.send(
        new SendEmailCommand({ FromEmailAddress: MAIL_FROM, Destination: { ToAddresses: [to] }, Content: { Simple } }),
      );
    },

    async sms({ to, text }: Message): Promise<void> {
      await messages.send(
        new SendTextMessageCommand({
          DestinationPhoneNumber: to.replaceAll(/[\s()/-]/g, ''),
          MessageBody: text,
          MessageType: 'TRANSACTIONAL',
          ...(SMS_ORIGINATION !== '' && { OriginationIdentity: SMS_ORIGINATION }),
        }),
      );
    },
  };
}
