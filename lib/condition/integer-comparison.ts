/** Comparisons of a counter with an integer: `<5`, `'!equals' 3`, `>-5`, `100`. */
import { parseInteger } from '../text/integer.ts';
import { findOrdering, INTEGER_COMPARATORS, isOrdered } from './comparator.ts';
import { badCondition } from './refuse.ts';

/** Quoted or bare, longest first, or none. */
const COMPARISON = /^\s*(?:'\s*(?<quoted>[^'\s]+)\s*'|(?<bare>[=!<>]+))?\s*(?<integer>.*)$/s;

/** How an integer comparison is written, for people. */
export const INTEGER_SYNTAX = "an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5";

/**
 * Reads a comparison.
 *
 * @example
 * parseIntegerComparison('<5')(4) // true
 * @throws TokenwrightError `bad_condition` for an unknown comparator or anything that is no integer
 */
export function parseIntegerComparison(value: string): (counter: number) => boolean {
  const { quoted, bare, integer = '' } = COMPARISON.exec(value)?.groups ?? {};
  const ordering = findOrdering(quoted ?? bare ?? '==');
  if (!ordering) throw badCondition(`"${quoted ?? bare}" is not a comparator of integers`, value, INTEGER_COMPARATORS);
  const right = parseInteger(integer);
  if (right === null) throw badCondition(`"${integer}" is not an integer`, value, INTEGER_SYNTAX);
  return (counter) => isOrdered(counter, ordering, right);
}
