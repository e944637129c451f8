/**
 * Reads the conditions of a definition as constraints, each on one subject: a list of words, or a range of integers. Two
 * constraints without a common value cannot hold together. A condition that cannot be compared gives no constraint,
 * because a wrong warning is worse than none.
 */
import { findCondition } from '../condition/catalogue.ts';
import { writtenConditions } from '../condition/clause.ts';
import type { Definition } from './definition.ts';

export interface Constraint {
  /** The condition's name. */
  readonly subject: string;
  readonly path: string;
  /** Whether it comes from `unless`, so that none of its values is allowed. */
  readonly negated: boolean;
  readonly values: readonly ValueRange[];
}

/** One word, or the integers from `low` to `high`. */
type ValueRange = { readonly word: string } | { readonly low: number; readonly high: number };

/** Returns the constraints of a definition. */
export function constraintsOf(definition: Pick<Definition, 'conditions' | 'unless'>): Constraint[] {
  return writtenConditions(definition).flatMap(({ name: subject, wanted, path, negated }) => {
    const values = [wanted].flat().map((one) => valuesOf(subject, one));
    if (values.some((one) => one === null)) return [];
    return [{ subject, path, negated, values: values.flatMap((one) => one ?? []) }];
  });
}

/** Tells whether two constraints can hold together. */
export function areCompatible(a: Constraint, b: Constraint): boolean {
  if (a.subject !== b.subject || (a.negated && b.negated)) return true;
  if (a.negated) return areCompatible(b, a);
  if (!b.negated) return a.values.some((one) => b.values.some((other) => overlap(one, other)));
  return a.values.some((one) => !b.values.some((other) => covers(other, one)));
}

/** Tells whether all constraints of two definitions can hold together. */
export function canHoldTogether(a: readonly Constraint[], b: readonly Constraint[]): boolean {
  return a.every((one) => b.every((other) => areCompatible(one, other)));
}

function valuesOf(subject: string, wanted: unknown): readonly ValueRange[] | null {
  const condition = findCondition(subject);
  if (!condition?.hasOneValue) return null;
  const { kind } = condition;
  const text = typeof wanted === 'boolean' ? (wanted ? 'true' : 'false') : String(wanted);
  if (kind === 'names') return text.split(',').map((word) => ({ word }));
  if (kind === 'word' || kind === 'text') return [{ word: text }];
  if (kind === 'truth') return [{ word: /^\s*(1|true)\s*$/i.test(text) ? 'true' : 'false' }];
  return kind === 'integer' ? rangeOf(text) : null;
}

const COMPARISON =
  /^\s*(?:'\s*)?(?:(?<comparator>equals|==|=|<=|=<|>=|=>|<|>)\s*)?(?:'\s*)?(?<integer>[+-]?[0-9]{1,15})\s*$/;

/** Reads a comparison as a range; `null` if it is none, as with `!=`. */
function rangeOf(text: string): readonly ValueRange[] | null {
  const { comparator = '=', integer } = COMPARISON.exec(text)?.groups ?? {};
  if (integer === undefined) return null;
  const number = Number(integer);
  if (comparator === '<') return [{ low: Number.NEGATIVE_INFINITY, high: number - 1 }];
  if (comparator === '>') return [{ low: number + 1, high: Number.POSITIVE_INFINITY }];
  if (comparator.includes('<')) return [{ low: Number.NEGATIVE_INFINITY, high: number }];
  if (comparator.includes('>')) return [{ low: number, high: Number.POSITIVE_INFINITY }];
  return [{ low: number, high: number }];
}

function overlap(a: ValueRange, b: ValueRange): boolean {
  if ('word' in a) return 'word' in b && a.word === b.word;
  return 'low' in b && a.low <= b.high && b.low <= a.high;
}

function covers(outer: ValueRange, inner: ValueRange): boolean {
  if ('word' in outer) return 'word' in inner && outer.word === inner.word;
  return 'low' in inner && outer.low <= inner.low && inner.high <= outer.high;
}
