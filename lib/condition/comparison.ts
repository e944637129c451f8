/**
 * Evaluates `key comparator value`, for tokeninfo, a user's attributes, counters and a container's info. Two numbers are
 * compared as numbers, two dates as points in time, everything else as text, with case. Ordering a date and a text that
 * is not a date is an error.
 */
import { TokenwrightError } from '../base/error.ts';
import { isSecretInfo, MASK } from '../schema/secret-names.ts';
import { parseInstant, zoneOfKey } from '../text/date.ts';
import { parseNumber } from '../text/number.ts';
import { isOrdered, type Ordering, splitComparison, type TextPredicate } from './comparator.ts';
import { badCondition, decided, type Verdict } from './condition.ts';
import { type Braces, type NowTemplate, parseNowTemplate } from './now-template.ts';
import { compileRegularExpression } from './regular-expression.ts';
import { DURATION_SYNTAX, parseDuration } from './scalar.ts';

/** The time and the IANA zone at which a condition is evaluated; milliseconds since 1970. */
export interface DecisionTime {
  readonly now: number;
  readonly timezone: string;
}

type Compare = (left: string, moment: DecisionTime) => boolean;

export interface Comparison {
  readonly key: string;
  /** @throws TokenwrightError `bad_condition` if `left` has to be a date and is not one */
  readonly compare: Compare;
}

/** The form of a comparison, for people. */
export const COMPARISON_SYNTAX = "<key> <comparator> <value>, as in myKey == v1, myKey > 9, myKey 'in' a,b";
/** The form of a comparison that may hold `{now}`. */
export const COMPARISON_SYNTAX_NOW = `${COMPARISON_SYNTAX}, myDate < {now}-10d`;

const DATE = 'a date, as in 2026-03-15T10:20+0000, or {now} where it is allowed';

/**
 * Reads a comparison.
 *
 * @param braces how braces in the value are read: only some conditions know `{now}`
 * @throws TokenwrightError `bad_condition` for a missing key, an unknown comparator, or a value that it does not accept
 */
export function parseComparison(text: string, braces: Braces): Comparison {
  const { key, comparator, value } = splitComparison(text);
  const right = parseNowTemplate(value, braces);
  const answer =
    comparator.kind === 'ordering'
      ? compareOrder(comparator.ordering, right)
      : comparePredicate(comparator.predicate, right, value);
  const isNegated = comparator.kind === 'predicate' && comparator.negated;
  const compare: Compare = (left, { now, timezone }) =>
    answer(left, { now, timezone: zoneOfKey(key, timezone) }) !== isNegated;
  return { key, compare };
}

/**
 * Compares a stored value. A secret value is compared, but never shown.
 *
 * @throws TokenwrightError `bad_condition` if the value has to be a date and is not one
 */
export function decideComparison({ key, compare }: Comparison, seen: string, moment: DecisionTime): Verdict {
  if (!isSecretInfo(key)) return decided(compare(seen, moment), seen);
  try {
    return decided(compare(seen, moment), MASK);
  } catch (error) {
    if (!(error instanceof TokenwrightError)) throw error;
    // Without the cause, whose message quotes the value.
    throw badCondition('the value cannot be compared so', MASK);
  }
}

function compareOrder(ordering: Ordering, right: NowTemplate): Compare {
  return (left, { now, timezone }) => {
    const text = right.render(now, timezone);
    const number = parseNumber(left);
    const other = number === null ? null : parseNumber(text);
    if (number !== null && other !== null) return isOrdered<number | bigint>(number, ordering, other);
    const [from, to] = [parseInstant(left, { timezone }), parseInstant(text, { timezone })];
    if (from !== null && to !== null) return isOrdered(from, ordering, to);
    if (comparesAnyText(ordering) && !right.hasNow) return isOrdered(left, ordering, text);
    if (from === null && to === null) return isOrdered(left, ordering, text);
    throw badCondition(`"${from === null ? left : text}" is not a date`, from === null ? left : text, DATE);
  };
}

/** Tells whether an ordering also compares a date with a text that is not one. */
function comparesAnyText(ordering: Ordering): boolean {
  return ordering === 'equals' || ordering === 'differs';
}

function comparePredicate(predicate: TextPredicate, right: NowTemplate, value: string): Compare {
  if (predicate === 'date_before') return compareDates('less', right, value);
  if (predicate === 'date_after') return compareDates('greater', right, value);
  if (predicate === 'date_within_last') return isWithinLast(value);
  if (predicate === 'matches') return matchesWhole(right, value);
  if (predicate === 'in')
    return (left, { now, timezone }) => parseMembers(right.render(now, timezone)).includes(left.trim());
  if (predicate === 'contains') {
    return (left, { now, timezone }) => {
      const member = right.render(now, timezone);
      return left === member || parseMembers(left).includes(member);
    };
  }
  return (left, { now, timezone }) => left.toLowerCase().includes(right.render(now, timezone).toLowerCase());
}

function compareDates(ordering: Ordering, right: NowTemplate, value: string): Compare {
  const date = (text: string, timezone: string): number => {
    const instant = parseInstant(text, { timezone });
    if (instant === null) throw badCondition(`"${text}" is not a date`, text, DATE);
    return instant;
  };
  if (!right.hasNow) date(value, 'UTC');
  return (left, { now, timezone }) =>
    isOrdered(date(left, timezone), ordering, date(right.render(now, timezone), timezone));
}

function isWithinLast(value: string): Compare {
  const span = parseDuration(value);
  if (span < 0) throw badCondition(`"${value}" does not look back`, value, DURATION_SYNTAX);
  return (left, { now, timezone }) => {
    const instant = parseInstant(left, { timezone });
    if (instant === null) throw badCondition(`"${left}" is not a date`, left, DATE);
    return instant > now - span && instant <= now;
  };
}

function matchesWhole(right: NowTemplate, value: string): Compare {
  if (right.hasNow)
    throw badCondition('{now} cannot stand in a regular expression', value, 'a regular expression without {now}');
  return compileRegularExpression(right.render(0, 'UTC'), 'whole');
}

/** Splits a list at its commas and trims the entries. An entry in double quotes may hold commas. */
function parseMembers(list: string): readonly string[] {
  const entries = `,${list}`.matchAll(/,\s*(?:"([^"]*)"\s*(?=,|$)|([^,]*))/g);
  return [...entries].map(([, quoted, bare = '']) => quoted ?? bare.trim());
}
