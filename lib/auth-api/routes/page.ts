/** Cuts a page out of a list, as `page` and `pagesize` say, and tells which pages are before and behind it. */
import { badParameter } from '../fault.ts';
import { numberOf } from '../parameter-values.ts';
import type { RequestParameters } from '../parameters.ts';

const PAGE_SIZE = 15;

/**
 * Reads the parameters.
 *
 * @param largest the largest page that is allowed
 * @returns a function that cuts the page out of a list
 * @throws ApiFault 400
 */
export function readPage(parameters: RequestParameters, largest = Number.POSITIVE_INFINITY) {
  const number = numberOf(parameters, 'page', 1) ?? 1;
  const size = numberOf(parameters, 'pagesize', 1) ?? PAGE_SIZE;
  if (size > largest) throw badParameter(`Parameter 'pagesize' must be at most ${largest}.`);
  return <T>(all: readonly T[]) => ({
    items: all.slice((number - 1) * size, number * size),
    count: all.length,
    current: number,
    next: number * size < all.length ? number + 1 : null,
    prev: number > 1 ? number - 1 : null,
  });
}
