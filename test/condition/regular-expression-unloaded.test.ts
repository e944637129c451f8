/** In a process of its own, because once loaded the engine stays. */
import { expect, test } from 'vitest';
import { compileRegularExpression, loadRegularExpressions } from '../../lib/condition/regular-expression.ts';

test('an expression before the engine is loaded is a fault of the program, not of the definition', async () => {
  expect(() => compileRegularExpression('a', 'search')).toThrow('regular expressions are not loaded');
  await Promise.all([loadRegularExpressions(), loadRegularExpressions()]);
  expect(compileRegularExpression('a', 'search')('bab')).toBe(true);
});
