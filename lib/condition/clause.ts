/**
 * The conditions of a definition, parsed once: each clause is one condition name with the values of
 * which any may hold. All clauses have to pass.
 */

import { TokenwrightError } from '../base/error.ts';
import { didYouMean } from '../schema/closest.ts';
import { conditions as catalogue, findCondition } from './catalogue.ts';
import { allKnown, decide, type FactName, type Facts, type Test } from './condition.ts';
import { normaliseConditionValue } from './value.ts';

export interface Clause {
  /** The condition's name. */
  readonly name: string;
  /** The value as the definition has it. */
  readonly wanted: unknown;
  readonly needs: readonly FactName[];
  readonly tests: readonly Test[];
  /** From `unless`: it must not hold. */
  readonly negated: boolean;
  readonly missingHolds: boolean;
}

/** Whether a clause passes, and what it looked at. */
export interface ClauseVerdict {
  readonly passes: boolean;
  readonly saw: unknown;
  /** It could not be evaluated; `saw` says why. */
  readonly failed: boolean;
  /** `false` where the fact is missing, and the manual's rule or `when_missing` answered instead. */
  readonly known: boolean;
}

type Conditions = Readonly<Record<string, unknown>>;

/** The fields of a definition that hold conditions. */
export interface Conditional {
  readonly conditions: Conditions | readonly Conditions[];
  readonly unless: Conditions;
  readonly when_missing: 'hold' | 'fail';
}

/** Parses every condition of a definition; all faults at once. */
export function parseClauses({ conditions, unless, when_missing }: Conditional): {
  readonly clauses: readonly Clause[];
  readonly errors: readonly TokenwrightError[];
} {
  const errors: TokenwrightError[] = [];
  const clauses: Clause[] = [];
  const missingHolds = when_missing === 'hold';
  const collect = (group: Conditions, path: string, negated: boolean): void => {
    for (const [name, wanted] of Object.entries(group)) {
      const parsed = parseTests(name, wanted);
      for (const error of parsed.errors) errors.push(error.under(`${path}.${name}`));
      const { tests } = parsed;
      if (tests.length > 0) clauses.push({ name, wanted, tests, needs: needsOf(tests), negated, missingHolds });
    }
  };
  if (isList(conditions)) {
    for (const [i, all] of conditions.entries()) collect(all, `conditions[${i}]`, false);
  } else collect(conditions, 'conditions', false);
  collect(unless, 'unless', true);
  return { clauses, errors };
}

function isList(conditions: Conditional['conditions']): conditions is readonly Conditions[] {
  return Array.isArray(conditions);
}

interface ParsedTests {
  /** One for each value; none where any is refused. */
  readonly tests: readonly Test[];
  /** One for each value that is refused. */
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

/** Whether a clause counts the user's tokens. */
export function countsTokens({ needs }: Pick<Clause, 'needs'>): boolean {
  return needs.includes('user_tokens');
}

/** Whether every fact that the clause needs is there. */
export function isDecidable(clause: Clause, facts: Facts): boolean {
  return clause.tests.every((test) => allKnown(test, facts));
}

/** Decides a clause; the first value that holds ends it. One that cannot be evaluated never lets a definition act. */
export function decideClause(clause: Clause, facts: Facts): ClauseVerdict {
  let last: ClauseVerdict = { passes: clause.negated, saw: undefined, failed: false, known: true };
  for (const test of clause.tests) {
    const { holds, known, failed = false, saw } = decide(test, facts);
    if (holds && (known || clause.missingHolds)) return { passes: !clause.negated, saw, failed: false, known };
    if (!last.failed) last = { passes: clause.negated && !failed, saw, failed, known };
  }
  return last;
}

/** What the outcome of a step says of the clause that kept it from acting. */
export function unmetCondition(
  { name, wanted, negated }: Clause,
  { saw, failed }: Pick<ClauseVerdict, 'saw' | 'failed'>,
) {
  const finding = failed ? 'cannot be evaluated' : negated ? 'holds' : 'does not hold';
  const message = `${negated ? 'unless: ' : ''}the condition ${name} ${finding}`;
  return { code: 'condition' as const, message, condition: name, wanted, saw: saw ?? null };
}
