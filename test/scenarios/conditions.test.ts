/**
 * test/scenarios proves what definitions do to tokens, through the real handlers on the local stack: every row of
 * test/vectors, files of whole scenarios, and random scenarios that are delivered again in other orders.
 *
 * Here: every condition that was measured.
 */
import { beforeAll, describe, expect, it } from 'vitest';
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
  readonly state: Readonly<Record<string, unknown>> & { readonly event: object };
  readonly holds: boolean;
}

/**
 * One event of a name of its own for each row, on one stack: the rows whose action ran, or would have run had the event
 * a token. The action sets a key of its own, which no condition reads, so that no row depends on another.
 */
async function acting(
  surroundings: object,
  rows: readonly { readonly conditions: unknown; readonly event: object }[],
): Promise<ReadonlySet<number>> {
  const names = rows.map((_, i) => `row_${i}`);
  const file = {
    ...surroundings,
    definitions: rows.map(({ conditions }, i) => {
      const options = { key: `ran_${i}`, value: 'yes' };
      return { id: i + 1, name: names[i], event: names[i], action: 'set tokeninfo', options, conditions };
    }),
    // Otherwise the bus lets events of one second arrive a millisecond apart.
    events: rows.map(({ event }, i) => ({
      'detail-type': names[i],
      time: TIME,
      detail: { occurred_at: TIME, ...event },
    })),
  };
  const { outcomes } = await runScenario(await readScenario(file, NOW));
  const ran = outcomes.filter(({ status, reason }) => status === 'done' || reason?.code === 'no_token');
  return new Set(ran.map(({ definition }) => (definition?.id ?? 0) - 1));
}

describe('one condition on one token', () => {
  const rows = readVectors<OneCondition>('conditions.json');
  const accepted = rows.filter((row) => !row.refused);
  let ran: ReadonlySet<number>;

  beforeAll(async () => {
    const tokens = accepted.map(({ token }, i) => ({ serial: `T${i}`, tokentype: 'hotp', ...token }));
    const cases = accepted.map(({ condition, event }, i) => ({
      conditions: condition,
      event: { serial: `T${i}`, ...event },
    }));
    ran = await acting({ tokens }, cases);
  });

  it.each(accepted)('$id: $condition', (row) => {
    expect(ran.has(accepted.indexOf(row))).toBe(row.expect);
  });

  it.each(rows.filter((row) => row.refused))('$id: $condition is refused', async ({ condition }) => {
    const definitions = [{ id: 1, name: 'd', event: 'validate_check', action: 'disable', conditions: condition }];
    await expect(readScenario({ definitions }, NOW)).rejects.toThrow(Refusal);
  });
});

describe('conditions on an event with its surroundings', () => {
  const rows = readVectors<WithState>('conditions-state.json').map(({ state: { event, ...surroundings }, ...row }) => ({
    ...row,
    event,
    surroundings,
  }));
  const groups = Object.groupBy(rows, ({ surroundings }) => JSON.stringify(surroundings));
  const played = new Map<string, Promise<ReadonlySet<number>>>();

  it.each(rows)('$id: $conditions', async (row) => {
    const key = JSON.stringify(row.surroundings);
    const group = groups[key] ?? [];
    const ran = played.get(key) ?? acting(row.surroundings, group);
    played.set(key, ran);
    expect((await ran).has(group.indexOf(row))).toBe(row.holds);
  });
});
