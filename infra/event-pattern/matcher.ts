/**
 * Parses the entries of a pattern's array: plain values, and operators such as `{ "prefix": "..." }`. Each becomes a
 * test of one leaf, except `exists: false`, which no leaf can meet.
 *
 * Source: EventBridge, "Comparison operators for use in event patterns".
 */

import { addressDigits, addressRange, inRange } from './address.ts';
import { isObject, type Leaf } from './fields.ts';
import { numeric } from './numeric.ts';
import { PatternError } from './pattern-error.ts';
import { ignoringCase, openingOf, type TextPosition, wildcard } from './text.ts';

export type LeafTest = (value: Leaf) => boolean;
/** `absent` is met if the event has no such field. */
export type Matcher = LeafTest | 'absent';
/** The literal beginnings of the wildcards that stand earlier in the same list; see `ignoringCase`. */
type Openings = ReadonlySet<string>;
type Parse<Result> = (operand: unknown, path: string, openings: Openings) => Result;

const operators: Readonly<Record<string, Parse<Matcher>>> = {
  exactly: (operand, path) => equals(text(operand, path)),
  prefix: (operand, path, openings) => prefix(operand, path, openings),
  suffix: (operand, path, openings) => suffix(operand, path, openings),
  'equals-ignore-case': (operand, path, openings) => ignoreCase(text(operand, path), 'whole', openings),
  wildcard: (operand, path) => wild(operand, path),
  'anything-but': (operand, path, openings) => anythingBut(operand, path, openings),
  numeric: (operand, path) => numeric(operand, path),
  exists: (operand, path) => {
    if (typeof operand !== 'boolean') throw new PatternError(path, operand, 'true or false');
    return operand ? () => true : 'absent';
  },
  cidr: (operand, path) => {
    const range = addressRange(text(operand, path));
    if (range === undefined) throw new PatternError(path, operand, 'an IPv4 or IPv6 block, such as 10.0.0.0/24');
    return addresses((digits) => inRange(digits, range));
  },
};

/** The names of the operators; no field inside `$or` may have one of them. */
export const operatorNames: readonly string[] = Object.keys(operators);

/** Parses the array of a field. @throws PatternError */
export function parseMatchers(entries: unknown, path: string): readonly Matcher[] {
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new PatternError(path, entries, 'an object, or a list of at least one value');
  }
  const openings = new Set<string>();
  return entries.map((entry: unknown, index) => {
    const matcher = parseMatcher(entry, `${path}[${index}]`, openings);
    for (const opening of openingsOf(entry)) openings.add(opening);
    return matcher;
  });
}

function parseMatcher(entry: unknown, path: string, openings: Openings): Matcher {
  if (typeof entry === 'string') {
    const digits = addressDigits(entry);
    return digits === undefined ? equals(entry) : addresses((address) => address.startsWith(digits));
  }
  if (entry === null || typeof entry === 'number' || typeof entry === 'boolean') return equals(entry);
  const [operator, operand] = onlyEntry(entry, path);
  const parse = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (parse === undefined) throw new PatternError(path, operator, operatorNames);
  return parse(operand, `${path}.${operator}`, openings);
}

/** The literal beginnings of a wildcard entry, also of one inside `anything-but`. */
function openingsOf(entry: unknown): readonly string[] {
  if (!isObject(entry)) return [];
  if (isObject(entry['anything-but'])) return openingsOf(entry['anything-but']);
  const patterns: readonly unknown[] = [entry.wildcard].flat();
  return patterns.flatMap((pattern) => (typeof pattern === 'string' ? (openingOf(pattern) ?? []) : []));
}

const equals =
  (wanted: Leaf): LeafTest =>
  (value) =>
    value === wanted;

const strings =
  (test: (value: string) => boolean): LeafTest =>
  (value) =>
    typeof value === 'string' && test(value);

const addresses = (test: (digits: string) => boolean): LeafTest => {
  return strings((value) => {
    const digits = addressDigits(value);
    return digits !== undefined && test(digits);
  });
};

function ignoreCase(wanted: string, position: TextPosition, openings: Openings): LeafTest {
  const expression = ignoringCase(wanted, position, (before) => openings.has(before));
  return strings((value) => expression.test(value));
}

function prefix(operand: unknown, path: string, openings: Openings): LeafTest {
  if (typeof operand === 'string') return strings((value) => value.startsWith(operand));
  return ignoreCase(operandOf('equals-ignore-case', operand, path), 'start', openings);
}

function suffix(operand: unknown, path: string, openings: Openings): LeafTest {
  if (typeof operand === 'string') return strings((value) => value.endsWith(operand));
  return ignoreCase(operandOf('equals-ignore-case', operand, path), 'end', openings);
}

function wild(operand: unknown, path: string): LeafTest {
  const expression = wildcard(text(operand, path));
  if (expression === undefined)
    throw new PatternError(path, operand, 'single * for any text, \\* and \\\\ for the characters themselves');
  return strings((value) => expression.test(value));
}

/** The operators that `anything-but` takes beside plain values, each with one text or a list of texts. */
const refusals: Readonly<Record<string, Parse<LeafTest>>> = {
  prefix: (operand, path, openings) => prefix(notEmpty(operand, path), path, openings),
  suffix: (operand, path, openings) => suffix(notEmpty(operand, path), path, openings),
  wildcard: (operand, path) => wild(operand, path),
  'equals-ignore-case': (operand, path, openings) => ignoreCase(text(operand, path), 'whole', openings),
};

function anythingBut(operand: unknown, path: string, openings: Openings): LeafTest {
  const refused = isObject(operand) ? refusedByOperator(operand, path, openings) : refusedValues(operand, path);
  return (value) => !refused.some((test) => test(value));
}

function refusedByOperator(operand: object, path: string, openings: Openings): readonly LeafTest[] {
  const [operator, operands] = onlyEntry(operand, path);
  const parse = Object.hasOwn(refusals, operator) ? refusals[operator] : undefined;
  if (parse === undefined) throw new PatternError(path, operator, Object.keys(refusals));
  return listOf(operands, `${path}.${operator}`).map((one) => parse(one, `${path}.${operator}`, openings));
}

function refusedValues(operand: unknown, path: string): readonly LeafTest[] {
  const values = listOf(operand, path);
  const numbers = values.filter((value) => typeof value === 'number');
  const texts = values.filter((value) => typeof value === 'string');
  if (numbers.length !== values.length && texts.length !== values.length) {
    throw new PatternError(path, operand, 'texts only or numbers only');
  }
  return [...numbers, ...texts].map(equals);
}

function onlyEntry(value: unknown, path: string): [string, unknown] {
  const entries = isObject(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) throw new PatternError(path, value, 'an object with one key');
  return entry;
}

function operandOf(operator: string, value: unknown, path: string): string {
  const [given, operand] = onlyEntry(value, path);
  if (given !== operator) throw new PatternError(path, given, [operator]);
  return text(operand, `${path}.${operator}`);
}

function listOf(operand: unknown, path: string): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new PatternError(path, operand, 'at least one value');
  return list;
}

function notEmpty(operand: unknown, path: string): string {
  if (text(operand, path) === '') throw new PatternError(path, operand, 'a text that is not empty');
  return text(operand, path);
}

function text(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new PatternError(path, operand, 'a text');
  return operand;
}
