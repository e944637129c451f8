/**
 * Texts of hundreds of kilobytes, which tokens, events and definitions may hold, where a reader that looks at each letter
 * again for each other one took minutes, or for ever. Ten seconds are a thousand times what is needed.
 */
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { splitComparison } from '../../lib/condition/comparator.ts';
import { constraintsOf } from '../../lib/definition/constraints.ts';
import { parseFlatMap } from '../../lib/text/flat-map.ts';
import { parseNumber } from '../../lib/text/number.ts';

/** What it gives, or the code of what it throws. @throws where it takes longer, also in the middle of an expression */
function inTime(work: () => unknown): unknown {
  const settled = (): unknown => {
    try {
      return work();
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  };
  return runInNewContext('work()', { work: settled }, { timeout: 10_000 });
}

const BLANKS = ' '.repeat(200_000);

it.each<[what: string, work: () => unknown, result: unknown]>([
  ['a number', () => parseNumber(`${'9'.repeat(200_000)}x`), null],
  ['a comparison', () => splitComparison('!'.repeat(200_000)), 'bad_condition'],
  ['a dictionary', () => parseFlatMap('x'.repeat(400_000)), 'bad_option'],
  ['the value of a dictionary', () => parseFlatMap(`{a: b${BLANKS}c}`), { a: `b${BLANKS}c` }],
  ['an integer that is compared', () => constraintsOf({ conditions: { failcounter: `5${BLANKS}x` }, unless: {} }), []],
  ['an integer behind blanks', () => constraintsOf({ conditions: { failcounter: `${BLANKS}x` }, unless: {} }), []],
])('%s is read in time', (_, work, result) => {
  expect(inTime(work)).toEqual(result);
});
