/** Asks the user. A secret is typed hidden on a terminal, or piped in; never an argument, which other processes can see. */
import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { TokenwrightError } from '../../lib/base/error.ts';

/** Asks for a secret. @param question printed on stderr if stdin is a terminal @throws TokenwrightError `not_answered` */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const secret = await answer(createInterface({ input: process.stdin, output: silent, terminal: true }), '');
  process.stderr.write('\n');
  return secret;
}

/** Asks for confirmation. @returns whether the answer was "yes" @throws TokenwrightError `not_answered` */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return (await answer(lines, question)).trim() === 'yes';
}

async function answer(lines: Interface, question: string): Promise<string> {
  try {
    return await lines.question(question);
  } catch (error) {
    // Ctrl-C or Ctrl-D
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    process.stderr.write('\n');
    throw new TokenwrightError('not_answered', 'nothing was answered, and nothing is done');
  } finally {
    lines.close();
  }
}
