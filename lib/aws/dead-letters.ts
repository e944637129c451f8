/** A dead-letter queue to write to. The SQS client is loaded with the first dead letter, because most processes write none. */

import type { TokenwrightError } from '../base/error.ts';
import { describeError } from '../schema/validate.ts';
import type { SendDeadLetter } from './dead-letter-sender.ts';

export function deadLetterQueue(url: string): SendDeadLetter {
  let sender: Promise<SendDeadLetter> | undefined;
  return async (letter) => {
    sender ??= import('./dead-letter-sender.ts').then(({ deadLetterSender }) => deadLetterSender(url));
    const send = await sender;
    await send(letter);
  };
}

/** Characters that SQS refuses in an attribute. They come from values that errors quote. */
const REFUSED = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const LONGEST = 4096;

export function reasonText(errors: readonly TokenwrightError[]): string {
  return errors.map(describeError).join('\n').slice(0, LONGEST).replaceAll(REFUSED, '?');
}
