/**
 * The grammar of `key comparator value`, without its meaning: the leftmost comparator parts the two
 * sides, so a value may hold any further sign, and a key may hold spaces (`key with blank=v`).
 */
import { COMPARATORS, type Comparator, findComparator } from './comparator.ts';
import { badCondition } from './refuse.ts';

export interface ComparisonParts {
  readonly key: string;
  readonly comparator: Comparator;
  readonly value: string;
}

/**
 * A word in quotes holds no space: `o'brien == 'x'` is split at its `==`. Signs side by side are one comparator, known
 * or not: `<>` is none, and not a `<` with the value `>`.
 */
const COMPARATOR = /'\s*(?<quoted>!?[A-Za-z_]+|[=!<>]+)\s*'|(?<bare>(?<!!)!*[=<>][=!<>]*)/;

/**
 * Splits a comparison; key and value without the spaces around them.
 *
 * @throws TokenwrightError `bad_condition` where key or comparator is missing or unknown
 */
export function splitComparison(text: string): ComparisonParts {
  const found = COMPARATOR.exec(text);
  if (!found) throw badCondition(`"${text}" has no comparator`, text, COMPARATORS);
  const spelling = found.groups?.quoted ?? found.groups?.bare ?? '';
  const comparator = findComparator(spelling);
  if (!comparator) throw badCondition(`'${spelling}' is not a comparator`, text, COMPARATORS);
  const key = text.slice(0, found.index).trim();
  if (key === '') throw badCondition(`"${text}" has no key before its comparator`, text, '<key> <comparator> <value>');
  return { key, comparator, value: text.slice(found.index + found[0].length).trim() };
}
