import { expect, it } from 'vitest';
import { reasonText } from '../../lib/aws/dead-letters.ts';
import { TokenwrightError } from '../../lib/base/error.ts';

const error = (message: string, path?: string) => new TokenwrightError('bad_event', message, { path });

it('says every fault with its path', () => {
  expect(reasonText([error('is required', 'time'), error('is no event')])).toBe('time: is required\nis no event');
});

it.each([
  ['a control character', '"\u0000\u001b" is not an instant', '"??" is not an instant'],
  ['half a character', 'a\ud83d', 'a?'],
  ['a whole one, which stays', '\u{1f511}', '\u{1f511}'],
])('holds nothing that SQS refuses in an attribute: %s', (_name, message, text) => {
  expect(reasonText([error(message)])).toBe(text);
});

it('is cut', () => {
  expect(reasonText([error('x'.repeat(5000))])).toHaveLength(4096);
});
