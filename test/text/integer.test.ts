import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseInteger } from '../../lib/text/number.ts';

it.each([
  ['5', 5],
  ['+5', 5],
  ['-5', -5],
  [' 10\t', 10],
  ['007', 7],
  ['-0', 0],
  ['9007199254740991', 9007199254740991],
  [12, 12],
  [-0, 0],
])('reads %j as %s', (value, number) => {
  expect(parseInteger(value)).toBe(number);
});

it.each([
  '',
  ' ',
  'abc',
  '1.5',
  '1.0',
  '0x10',
  '1e3',
  '5d',
  '+',
  '-',
  '+-5',
  '+ 5',
  '1 2',
  '1_000',
  '1,000',
  '٥',
  'NaN',
  'Infinity',
  '9007199254740992',
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
])('%j is no integer', (value) => {
  expect(parseInteger(value)).toBeNull();
});

it('reads every safe integer as it prints', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (number) => {
      expect(parseInteger(` ${number} `)).toBe(number);
    }),
  );
});
