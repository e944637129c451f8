/**
 * The comparators of conditions, and the grammar of `key comparator value` without its meaning. Symbols may stand bare or
 * in single quotes, words in single quotes only; a `!` before a word negates it. The leftmost comparator separates the
 * two sides, so a value may hold any further sign, and a key may hold spaces (`key with blank=v`).
 */
import { badCondition } from './condition.ts';

/** A relation of two values of the same kind. */
export type Ordering = 'equals' | 'differs' | 'less' | 'at_most' | 'greater' | 'at_least';

/** A predicate on a text. */
export type TextPredicate =
  | 'contains'
  | 'string_contains'
  | 'matches'
  | 'in'
  | 'date_before'
  | 'date_after'
  | 'date_within_last';

export type Comparator =
  | { readonly kind: 'ordering'; readonly ordering: Ordering }
  | { readonly kind: 'predicate'; readonly predicate: TextPredicate; readonly negated: boolean };

const ORDERINGS: Readonly<Record<string, Ordering>> = {
  '==': 'equals',
  '=': 'equals',
  equals: 'equals',
  '!=': 'differs',
  '!equals': 'differs',
  '<': 'less',
  '<=': 'at_most',
  '=<': 'at_most',
  '>': 'greater',
  '>=': 'at_least',
  '=>': 'at_least',
};

const PREDICATES: Readonly<Record<string, { readonly predicate: TextPredicate; readonly negated: boolean }>> = {
  contains: { predicate: 'contains', negated: false },
  '!contains': { predicate: 'contains', negated: true },
  string_contains: { predicate: 'string_contains', negated: false },
  '!string_contains': { predicate: 'string_contains', negated: true },
  matches: { predicate: 'matches', negated: false },
  '!matches': { predicate: 'matches', negated: true },
  in: { predicate: 'in', negated: false },
  '!in': { predicate: 'in', negated: true },
  date_before: { predicate: 'date_before', negated: false },
  date_after: { predicate: 'date_after', negated: false },
  date_within_last: { predicate: 'date_within_last', negated: false },
  '!date_within_last': { predicate: 'date_within_last', negated: true },
};

/** The spellings of all comparators of two integers. */
export const INTEGER_COMPARATORS: readonly string[] = Object.keys(ORDERINGS).map(quoteWord);
/** The spellings of all comparators. */
const COMPARATORS: readonly string[] = [...INTEGER_COMPARATORS, ...Object.keys(PREDICATES).map(quoteWord)];

/** Finds an ordering by its spelling, without quotes. */
export function findOrdering(spelling: string): Ordering | undefined {
  return Object.hasOwn(ORDERINGS, spelling) ? ORDERINGS[spelling] : undefined;
}

/** Finds a comparator by its spelling, without quotes. */
function findComparator(spelling: string): Comparator | undefined {
  const ordering = findOrdering(spelling);
  if (ordering) return { kind: 'ordering', ordering };
  const predicate = Object.hasOwn(PREDICATES, spelling) ? PREDICATES[spelling] : undefined;
  return predicate && { kind: 'predicate', ...predicate };
}

/** Tells whether two values of the same kind are in that order. */
export function isOrdered<T extends number | bigint | string>(left: T, ordering: Ordering, right: T): boolean {
  if (ordering === 'equals') return left === right;
  if (ordering === 'differs') return left !== right;
  if (ordering === 'less') return left < right;
  if (ordering === 'at_most') return left <= right;
  if (ordering === 'greater') return left > right;
  return left >= right;
}

function quoteWord(spelling: string): string {
  return /[a-z]/.test(spelling) ? `'${spelling}'` : spelling;
}

export interface ComparisonParts {
  readonly key: string;
  readonly comparator: Comparator;
  readonly value: string;
}

/**
 * Matches a comparator. A word in quotes holds no space: `o'brien == 'x'` is split at its `==`. Adjacent signs are read
 * as one comparator: `<>` is an unknown one, not a `<` with the value `>`.
 */
const COMPARATOR = /'\s*(?<quoted>!?[A-Za-z_]+|[=!<>]+)\s*'|(?<bare>(?<!!)!*[=<>][=!<>]*)/;

/**
 * Splits a comparison, and trims key and value.
 *
 * @throws TokenwrightError `bad_condition` if the key is missing, or the comparator is missing or unknown
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
