/**
 * The serial of a token that a step makes: a prefix and eight characters that come of the step's id alone, so that the
 * same step finds its token again. Crockford's alphabet, without I, L, O and U: people read serials out.
 */
import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/** @param attempt another one gives another serial, where the first is somebody else's token */
export function serialOf(prefix: string, stepId: string, attempt: number): string {
  const bytes = createHash('sha256').update(`serial\0${stepId}\0${attempt}`).digest();
  return prefix + Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
