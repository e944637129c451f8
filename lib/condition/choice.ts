/** Values out of a list: one of the words that are allowed, or several names parted by commas. */
import { didYouMean } from '../schema/closest.ts';
import { badCondition } from './refuse.ts';

/** The one word that a condition compares with. @throws TokenwrightError `bad_condition` for any other */
export function parseWord(value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw badCondition(`"${value}" is not one of ${allowed.join(', ')}${didYouMean(value, allowed)}`, value, allowed);
}

/**
 * Names parted by commas. Nothing is trimmed and case counts, as in the manual's own lists, so
 * `totp, hotp` does not name hotp; an empty entry (`realm1,`) is the empty name.
 *
 * @throws TokenwrightError `bad_condition` where nothing is given
 */
export function parseNames(value: string): readonly string[] {
  if (value.trim() === '') throw badCondition('no name is given', value, 'names parted by commas, without blanks');
  return value.split(',');
}

/** Exact text. @throws TokenwrightError `bad_condition` where nothing is given */
export function parseText(value: string): string {
  if (value.trim() === '') throw badCondition('no text is given', value, 'the exact text');
  return value;
}
