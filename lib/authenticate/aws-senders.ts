/** Sends messages through AWS. `delivery.ts` loads this module with the first message. */
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { requestHandler } from '../aws/clients.ts';
import { TokenwrightError } from '../base/error.ts';

export interface PasswordMessage {
  readonly channel: 'sms' | 'email';
  readonly to: string;
  readonly text: string;
  /** Used by e-mails only. */
  readonly subject: string;
}

/** Sends a message. @throws TokenwrightError `not_sent` if the service refused it or could not be reached */
export type Deliver = (message: PasswordMessage) => Promise<void>;

export interface DeliveryNames {
  /** The sender of e-mails, an address that is verified in SES; empty: no e-mail is sent. */
  readonly MAIL_FROM: string;
  /** The number, sender id or pool that sends text messages; empty: the account's default. */
  readonly SMS_ORIGINATION: string;
  readonly REQUEST_TIMEOUT_MS: number;
}

/** Limits the SDK's attempts: a person is waiting, and each attempt may send the password once more. */
const MAX_ATTEMPTS = 2;

/** Makes the sender of each channel. */
export function awsSenders({ MAIL_FROM, SMS_ORIGINATION, REQUEST_TIMEOUT_MS }: DeliveryNames) {
  const options = { requestHandler: requestHandler(REQUEST_TIMEOUT_MS), maxAttempts: MAX_ATTEMPTS };
  const mail = new SESv2Client(options);
  const messages = new PinpointSMSVoiceV2Client(options);
  return {
    async email({ to, text, subject }: PasswordMessage): Promise<void> {
      if (MAIL_FROM === '') throw new TokenwrightError('no_sender', 'no address is configured that e-mails come from');
      const Simple = { Subject: { Data: subject }, Body: { Text: { Data: text } } };
      await mail.send(
        new SendEmailCommand({ FromEmailAddress: MAIL_FROM, Destination: { ToAddresses: [to] }, Content: { Simple } }),
      );
    },

    async sms({ to, text }: PasswordMessage): Promise<void> {
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
