/** A dead-letter queue, written to. Its client is loaded with the first letter: most processes never write one. */
import type { SendDeadLetter } from './dead-letter-sender.ts';

export function deadLetterQueue(url: string): SendDeadLetter {
  let sender: Promise<SendDeadLetter> | undefined;
  return async (letter) => {
    sender ??= import('./dead-letter-sender.ts').then(({ deadLetterSender }) => deadLetterSender(url));
    const send = await sender;
    await send(letter);
  };
}
