/** A dead-letter queue, written to. Its client is loaded with the first letter: most processes never write one. */
import type { SendLetter } from './dead-letter-sender.ts';

export function deadLetterQueue(url: string): SendLetter {
  let sender: Promise<SendLetter> | undefined;
  return async (letter) => {
    sender ??= import('./dead-letter-sender.ts').then(({ letterSender }) => letterSender(url));
    const send = await sender;
    await send(letter);
  };
}
