/**
 * True and false, as definitions and as responses say it. A definition's word has to be one of the two;
 * in a response whatever is not one of the true words is false, as the manual has it.
 */
import { badCondition } from './refuse.ts';

const TRUE_WORDS: ReadonlySet<unknown> = new Set([true, 1, '1', 'True', 'true', 'TRUE']);
const FALSE_WORDS: ReadonlySet<unknown> = new Set(['0', 'False', 'false', 'FALSE']);

/** The values of a condition that is either true or false, for people. */
export const TRUTH_WORDS = ['True', 'False'] as const;

/** Whether a value of a response counts as true. */
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
