/** In a process of its own, because once loaded the engine stays. */
import { expect, test } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { conditions } from '../../lib/condition/catalogue.ts';
import { compileRegularExpression, loadRegularExpressions } from '../../lib/condition/regular-expression.ts';

const TEXTS = [
  'a',
  '(a',
  "k 'matches' (a",
  "k 'matches' a",
  'k == a',
  '1',
  'True',
  '10d',
  'hotp,totp',
  '10.0.0.0/8',
  '',
];

test.each(conditions)('$name refuses a value by a typed error, and says where it needs the engine', (condition) => {
  for (const text of TEXTS) {
    if (condition.usesRegularExpression?.(text)) expect(() => condition.parse(text)).toThrow('are not loaded');
    else expect([undefined, true]).toContain(refusal(() => condition.parse(text)));
  }
});

/** `undefined`: it is taken. */
function refusal(parse: () => unknown): boolean | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof TokenwrightError && error.code === 'bad_condition';
  }
}

test('an expression before the engine is loaded is a fault of the program, not of the definition', async () => {
  expect(() => compileRegularExpression('a', 'search')).toThrow('regular expressions are not loaded');
  await Promise.all([loadRegularExpressions(), loadRegularExpressions()]);
  expect(compileRegularExpression('a', 'search')('bab')).toBe(true);
});
