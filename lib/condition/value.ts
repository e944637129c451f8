/** The kinds of values that conditions take, each with its syntax and its parser. */
import { didYouMean } from '../schema/closest.ts';
import { isExact } from '../text/json.ts';
import { splitComparison } from './comparator.ts';
import { COMPARISON_SYNTAX, COMPARISON_SYNTAX_NOW, type Comparison, parseComparison } from './comparison.ts';
import { badCondition, type ConditionValue } from './condition.ts';
import { NETWORKS_SYNTAX, type Networks, parseNetworks } from './networks.ts';
import type { Braces } from './now-template.ts';
import { compileRegularExpression, EXPRESSION_SYNTAX, type MatchMode } from './regular-expression.ts';
import {
  DURATION_SYNTAX,
  INTEGER_SYNTAX,
  parseDuration,
  parseIntegerComparison,
  parseTruth,
  TRUTH_WORDS,
} from './scalar.ts';

/**
 * Turns a value of a definition into the text that `Condition.parse` reads: privacyIDEA exports texts, people also write
 * booleans and numbers of JSON.
 *
 * @example
 * normaliseConditionValue(true) // 'True'
 * normaliseConditionValue(5) // '5'
 * @throws TokenwrightError `bad_condition` for anything that is neither text, boolean nor number
 */
export function normaliseConditionValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' && isExact(value)) return String(value);
  throw badCondition('a condition takes text, true, false or a number', value, 'text, true, false or a number');
}

/**
 * A list of names separated by commas, without spaces. As in privacyIDEA, nothing is trimmed and case counts: `totp, hotp`
 * does not contain hotp. An empty entry (`realm1,`) is the empty name.
 */
export const names = (what: string, example?: string): ConditionValue<readonly string[]> => ({
  kind: 'names',
  syntax: `${what} separated by commas, without spaces${example === undefined ? '' : `: ${example}`}`,
  read(text) {
    if (text.trim() === '') throw badCondition('no name is given', text, 'names separated by commas, without spaces');
    return text.split(',');
  },
});

/** One word of a list. */
export const word = (allowed: readonly string[], syntax = allowed.join(', ')): ConditionValue<string> => ({
  kind: 'word',
  syntax,
  allowed,
  read(text) {
    if (allowed.includes(text)) return text;
    throw badCondition(`"${text}" is not one of ${allowed.join(', ')}${didYouMean(text, allowed)}`, text, allowed);
  },
});

/** Exact text. */
export const exactText = (example: string): ConditionValue<string> => ({
  kind: 'text',
  syntax: `the exact text, as in ${example}`,
  read(text) {
    if (text.trim() === '') throw badCondition('no text is given', text, 'the exact text');
    return text;
  },
});

export const truth: ConditionValue<boolean> = {
  kind: 'truth',
  syntax: 'True or False',
  allowed: TRUTH_WORDS,
  read: parseTruth,
};

export const integer: ConditionValue<(counter: number) => boolean> = {
  kind: 'integer',
  syntax: INTEGER_SYNTAX,
  read: parseIntegerComparison,
};

/** A duration, read as milliseconds. */
export const duration: ConditionValue<number> = { kind: 'duration', syntax: DURATION_SYNTAX, read: parseDuration };

export const networks: ConditionValue<Networks> = { kind: 'networks', syntax: NETWORKS_SYNTAX, read: parseNetworks };

/** A regular expression. @param mode which part of a text it has to match */
export const expression = (mode: MatchMode): ConditionValue<(text: string) => boolean> => ({
  kind: 'expression',
  syntax: EXPRESSION_SYNTAX,
  usesRegularExpression: () => true,
  read: (text) => compileRegularExpression(text, mode),
});

/** A comparison `key comparator value`. @param braces what a brace in the value means */
export const comparison = (braces: Braces): ConditionValue<Comparison> => ({
  kind: 'comparison',
  syntax: braces === 'none' ? COMPARISON_SYNTAX : COMPARISON_SYNTAX_NOW,
  usesRegularExpression(text) {
    try {
      const { comparator } = splitComparison(text);
      return comparator.kind === 'predicate' && comparator.predicate === 'matches';
    } catch {
      return false;
    }
  },
  read: (text) => parseComparison(text, braces),
});
