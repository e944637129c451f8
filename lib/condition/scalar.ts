/**
 * Reads single values of conditions: True and False, durations, and integers with a comparator. A definition's word has
 * to be true or false; in a response every value that is not one of the true words is false, as the manual says.
 */

import { parseInteger } from '../text/number.ts';
import { findOrdering, INTEGER_COMPARATORS, isOrdered } from './comparator.ts';
import { badCondition } from './condition.ts';

const TRUE_WORDS: ReadonlySet<unknown> = new Set([true, 1, '1', 'True', 'true', 'TRUE']);
const FALSE_WORDS: ReadonlySet<unknown> = new Set(['0', 'False', 'false', 'FALSE']);

/** The values of a condition that is either true or false, for people. */
export const TRUTH_WORDS = ['True', 'False'] as const;

/** Tells whether a value of a response counts as true. */
export function countsAsTrue(value: unknown): boolean {
  return TRUE_WORDS.has(value);
}

/** Reads a definition's word. @throws TokenwrightError `bad_condition` for any other word */
export function parseTruth(value: string): boolean {
  const word = value.trim();
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  throw badCondition(`"${value}" is neither True nor False`, value, TRUTH_WORDS);
}

const DURATION = /^(?<sign>[+-]?)\s*(?<amount>[0-9]{1,9})\s*(?<unit>[smhdy])$/;
const DAY = 86_400_000;
const MILLISECONDS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY, y: 365 * DAY };

/** How a duration is written, for people. */
export const DURATION_SYNTAX = '<number><unit>, the unit one of s, m, h, d, y, as in 7h or 10d';

/**
 * Reads a duration as milliseconds. A year has 365 days.
 *
 * @throws TokenwrightError `bad_condition` for any other text
 */
export function parseDuration(value: string): number {
  const groups = DURATION.exec(value.trim())?.groups;
  const unit = MILLISECONDS[groups?.unit ?? ''];
  if (!groups || unit === undefined) throw badCondition(`"${value}" is not a duration`, value, DURATION_SYNTAX);
  const length = Number(groups.amount) * unit;
  return groups.sign === '-' ? -length : length;
}

/** Matches an optional comparator, in quotes or bare, and the text after it. */
const COMPARISON = /^\s*(?:'\s*(?<quoted>[^'\s]+)\s*'|(?<bare>[=!<>]+))?\s*(?<integer>.*)$/s;

/** How an integer comparison is written, for people. */
export const INTEGER_SYNTAX = "an integer, with a comparator in front or none for equality: 5, <5, >= 5, '!equals' 5";

/**
 * Reads a comparison with an integer.
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
