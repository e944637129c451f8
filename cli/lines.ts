/** The lines of a file, one by one, each with its place. */
import { createReadStream } from 'node:fs';
import { TokenwrightError } from '../lib/base/error.ts';

export interface Line {
  readonly text: string;
  /** 1 is the first. */
  readonly number: number;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

const NEWLINE = 10;

/** @throws TokenwrightError `bad_file` where it cannot be read */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let [rest, offset, number] = [Buffer.alloc(0), 0, 0];
  const lineOf = (bytes: Buffer): Line => {
    number += 1;
    const line = { text: bytes.toString('utf8'), number, offset, length: bytes.length };
    offset += bytes.length + 1;
    return line;
  };
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        yield lineOf(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (reason === undefined) throw error;
    throw new TokenwrightError('bad_file', `${file} cannot be read: ${reason}`, { given: file });
  }
  if (rest.length > 0) yield lineOf(rest);
}
