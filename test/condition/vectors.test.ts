/** Every measured row of conditions, decided by the catalogue itself. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenwrightError } from '../../lib/base/error.ts';
import { findCondition } from '../../lib/condition/catalogue.ts';
import { allKnown, decide, type Facts } from '../../lib/condition/condition.ts';
import { loadRegularExpressions } from '../../lib/condition/regular-expression.ts';
import { normaliseConditionValue } from '../../lib/condition/value.ts';
import type { Token } from '../../lib/token/token.ts';
import { factsOf, type State } from './facts.ts';

interface Row {
  readonly id: string;
  readonly condition: Readonly<Record<string, unknown>>;
  readonly token?: Partial<Token>;
  readonly event?: State['event'];
  readonly expect?: boolean;
  readonly refused?: unknown;
}

interface StateRow {
  readonly id: string;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly holds: boolean;
}

const rows: readonly Row[] = readVectors('conditions.json');
const stateRows: readonly StateRow[] = readVectors('conditions-state.json');
const title = ({ id }: { id: string }, conditions: unknown) => `${id} ${JSON.stringify(conditions)}`;

beforeAll(loadRegularExpressions);

describe('the measured conditions', () => {
  test('are all there', () => {
    expect([rows.length, stateRows.length]).toEqual([80, 175]);
  });

  test.each(rows.map((row) => [title(row, row.condition), row] as const))('%s', (_, row) => {
    const event = { ...row.event, request: { serial: 'HOTP01' } };
    const facts = factsOf({ tokens: [{ serial: 'HOTP01', ...row.token }], event });
    if (row.refused !== undefined) expect(() => holds(row.condition, facts)).toThrow(TokenwrightError);
    else expect(holds(row.condition, facts)).toBe(row.expect);
  });

  test.each(stateRows.map((row) => [title(row, row.conditions), row] as const))('%s', (_, row) => {
    expect(holds(row.conditions, factsOf(row.state))).toBe(row.holds);
  });
});

function holds(conditions: Readonly<Record<string, unknown>>, facts: Facts): boolean {
  return Object.entries(conditions).every(([name, value]) => {
    const parsed = findCondition(name)?.parse(normaliseConditionValue(value));
    if (!parsed || !allKnown(parsed, facts)) throw new Error(`${name} cannot be decided`);
    return decide(parsed, facts).holds;
  });
}

function readVectors<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'));
}
