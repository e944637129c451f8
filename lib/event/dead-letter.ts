/** Why a malformed event lies in the dead-letter queue, as an attribute of its message. */
import type { TokenwrightError } from '../base/error.ts';
import { describeError } from '../schema/validate.ts';

/** SQS refuses a message with these in an attribute; they come from what an error quotes. */
const REFUSED = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const LONGEST = 4096;

export function reasonText(errors: readonly TokenwrightError[]): string {
  return errors.map(describeError).join('\n').slice(0, LONGEST).replaceAll(REFUSED, '?');
}
