/**
 * Reads texts of hundreds of kilobytes, which tokens, events and definitions may contain. A reader of quadratic time would
 * take minutes; the limit of ten seconds is a thousand times the usual time.
 */
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { splitComparison } from '../../lib/condition/comparator.ts';
import { constraintsOf } from '../../lib/definition/constraints.ts';
import { parseFlatMap } from '../../lib/text/flat-map.ts';
import { parseNumber } from '../../lib/text/number.ts';

/** Returns the result, or the code of the error. @throws if it takes longer, even inside of a regular expression */
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
