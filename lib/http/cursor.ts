/** Where the next page begins, as a caller hands it back: opaque, and good for the same question only. */
import { TokenwrightError } from '../base/error.ts';

/** @param question what the pages are of, such as the serial */
export function writeCursor(question: string, after: string): string {
  return Buffer.from(JSON.stringify([question, after])).toString('base64url');
}

/** @throws TokenwrightError `bad_cursor` where it is none of ours, or of another question */
export function readCursor(question: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [asked, after] = decode(cursor);
  if (asked === question && typeof after === 'string' && isKey(after)) return after;
  throw new TokenwrightError('bad_cursor', 'is not a cursor of an answer to this very call', {
    path: 'cursor',
    allowed: 'the "cursor" of the page before',
  });
}

/** Whether DynamoDB takes it as a part of a key: ours are, a crafted one need not be. */
function isKey(after: string): boolean {
  return after !== '' && after.isWellFormed() && Buffer.byteLength(after) <= 1024;
}

function decode(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
