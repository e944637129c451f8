/**
 * test/scenarios proves what definitions do to tokens, through the real handlers on the local stack: every row of
 * test/vectors, files of whole scenarios, and random scenarios that are delivered again in other orders.
 *
 * Here: every condition that was measured.
 */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { readVectors } from './expectation.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const TIME = '2026-03-15T10:20:30Z';

interface OneCondition {
  readonly id: string;
  readonly condition: Readonly<Record<string, unknown>>;
  readonly token?: Readonly<Record<string, unknown>>;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly expect?: boolean;
  readonly refused?: boolean;
}

interface WithState {
  readonly id: string;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>> & { readonly event: unknown };
  readonly holds: boolean;
}

const definition = (conditions: unknown) => ({
  id: 1,
  name: 'd',
  event: 'validate_check',
  action: 'disable',
  conditions,
});

/** Whether the action ran, or would have run had the event a token. */
async function acts(file: unknown): Promise<boolean> {
  const { outcomes } = await runScenario(await readScenario(file, NOW));
  return outcomes.some(({ status, reason }) => status === 'done' || reason?.code === 'no_token');
}

describe('one condition on one token', () => {
  const rows = readVectors<OneCondition>('conditions.json');
  const file = ({ condition, token, event }: OneCondition) => ({
    tokens: [{ serial: 'T1', tokentype: 'hotp', ...token }],
    definitions: [definition(condition)],
    events: [{ 'detail-type': 'validate_check', time: TIME, detail: { serial: 'T1', ...event } }],
  });

  it.each(rows.filter((row) => !row.refused))('$id: $condition', async (row) => {
    expect(await acts(file(row))).toBe(row.expect);
  });

  it.each(rows.filter((row) => row.refused))('$id: $condition is refused', async (row) => {
    await expect(readScenario(file(row), NOW)).rejects.toThrow(Refusal);
  });
});

describe('conditions on an event with its surroundings', () => {
  it.each(readVectors<WithState>('conditions-state.json'))('$id: $conditions', async ({ conditions, state, holds }) => {
    const { event, ...surroundings } = state;
    const events = [{ 'detail-type': 'validate_check', time: TIME, detail: event }];
    expect(await acts({ ...surroundings, definitions: [definition(conditions)], events })).toBe(holds);
  });
});
