/**
 * The conditions of a definition, parsed once. A clause is one condition with one or several values, of which any may
 * hold. A definition acts only if all its clauses pass.
 */

import { TokenwrightError } from '../base/error.ts';
import { didYouMean } from '../schema/closest.ts';
import { conditions as catalogue, findCondition } from './catalogue.ts';
import { decide, type FactName, type Facts, type Test } from './condition.ts';
import { normaliseConditionValue } from './value.ts';

export interface Clause {
  /** The condition's name. */
  readonly name: string;
  /** The value as the definition has it. */
  readonly wanted: unknown;
  readonly needs: readonly FactName[];
  readonly tests: readonly Test[];
  /** Whether it comes from `unless` and must not hold. */
  readonly negated: boolean;
  readonly missingHolds: boolean;
}

/** The result of a clause, and the value that it was evaluated on. */
export interface ClauseVerdict {
  readonly passes: boolean;
  readonly saw: unknown;
  /** Whether it could not be evaluated; `saw` then holds the reason. */
  readonly failed: boolean;
  /** `false` if the fact is missing: then the manual's rule or `when_missing` decides. */
  readonly known: boolean;
}

type Conditions = Readonly<Record<string, unknown>>;

/** The fields of a definition that hold conditions. */
export interface Conditional {
  readonly conditions: Conditions | readonly Conditions[];
  readonly unless: Conditions;
  readonly when_missing: 'hold' | 'fail';
}

/** Parses all conditions of a definition, and collects all errors. */
export function parseClauses(definition: Conditional): {
  readonly clauses: readonly Clause[];
  readonly errors: readonly TokenwrightError[];
} {
  const errors: TokenwrightError[] = [];
  const clauses: Clause[] = [];
  const missingHolds = definition.when_missing === 'hold';
  for (const { name, wanted, path, negated } of writtenConditions(definition)) {
    const parsed = parseTests(name, wanted);
    for (const error of parsed.errors) errors.push(error.under(path));
    const { tests } = parsed;
    if (tests.length > 0) clauses.push({ name, wanted, tests, needs: needsOf(tests), negated, missingHolds });
  }
  return { clauses, errors };
}

/** A condition as the definition has it. */
export interface WrittenCondition extends Pick<Clause, 'name' | 'wanted' | 'negated'> {
  /** As in `conditions.tokentype`, or `conditions[0].tokentype` in a list of groups. */
  readonly path: string;
}

/** Lists the conditions of a definition in their order, those of `unless` last. */
export function writtenConditions({
  conditions,
  unless,
}: Pick<Conditional, 'conditions' | 'unless'>): WrittenCondition[] {
  const inGroup = (group: Conditions, at: string, negated: boolean): WrittenCondition[] =>
    Object.entries(group).map(([name, wanted]) => ({ name, wanted, path: `${at}.${name}`, negated }));
  const groups = isList(conditions)
    ? conditions.flatMap((group, i) => inGroup(group, `conditions[${i}]`, false))
    : inGroup(conditions, 'conditions', false);
  return [...groups, ...inGroup(unless, 'unless', true)];
}

function isList(conditions: Conditional['conditions']): conditions is readonly Conditions[] {
  return Array.isArray(conditions);
}

interface ParsedTests {
  /** One for each value; empty if any value is refused. */
  readonly tests: readonly Test[];
  /** One for each refused value. */
  readonly errors: readonly TokenwrightError[];
}

function parseTests(name: string, wanted: unknown): ParsedTests {
  const condition = findCondition(name);
  if (!condition) return { tests: [], errors: [unknownCondition(name)] };
  const values = Array.isArray(wanted) ? wanted : [wanted];
  if (values.length === 0) {
    const details = { given: wanted, allowed: condition.syntax };
    return { tests: [], errors: [new TokenwrightError('bad_condition', 'an empty list can never hold', details)] };
  }
  const tests: Test[] = [];
  const errors: TokenwrightError[] = [];
  for (const value of values) {
    try {
      tests.push(condition.parse(normaliseConditionValue(value)));
    } catch (error) {
      if (!(error instanceof TokenwrightError)) throw error;
      errors.push(error);
    }
  }
  return { tests: errors.length > 0 ? [] : tests, errors };
}

function needsOf(tests: readonly Test[]): readonly FactName[] {
  const [first, ...more] = tests;
  return first && more.length === 0 ? first.needs : [...new Set(tests.flatMap(({ needs }) => needs))];
}

function unknownCondition(name: string): TokenwrightError {
  const allowed = catalogue.map(({ name: known }) => known);
  return new TokenwrightError('bad_condition', `there is no condition "${name}"${didYouMean(name, allowed)}`, {
    given: name,
    allowed,
  });
}

/** Tells whether a clause counts the user's tokens. */
export function countsTokens({ needs }: Pick<Clause, 'needs'>): boolean {
  return needs.includes('user_tokens');
}

/** Evaluates a clause. A clause that cannot be evaluated never passes. */
export function decideClause(clause: Clause, facts: Facts): ClauseVerdict {
  let last: ClauseVerdict = { passes: clause.negated, saw: undefined, failed: false, known: true };
  for (const test of clause.tests) {
    const { holds, known, failed = false, saw } = decide(test, facts);
    if (holds && (known || clause.missingHolds)) return { passes: !clause.negated, saw, failed: false, known };
    if (!last.failed) last = { passes: clause.negated && !failed, saw, failed, known };
  }
  return last;
}

/** Makes the reason of an outcome that a clause has skipped. */
export function unmetCondition(
  { name, wanted, negated }: Clause,
  { saw, failed }: Pick<ClauseVerdict, 'saw' | 'failed'>,
) {
  const finding = failed ? 'cannot be evaluated' : negated ? 'holds' : 'does not hold';
  const message = `${negated ? 'unless: ' : ''}the condition ${name} ${finding}`;
  return { code: 'condition' as const, message, condition: name, wanted, saw: saw ?? null };
}
