/**
 * A flood of events does not block a token: for any definitions and any times, true or forged, no step of another definition
 * is refused, and the values that it assigns depend only on the times of the events.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeFailcounter } from '../../lib/action/actions/change-failcounter.ts';
import { disable } from '../../lib/action/actions/disable.ts';
import { enable } from '../../lib/action/actions/enable.ts';
import { parseOptions } from '../../lib/action/options.ts';
import { overlayStore } from '../../lib/simulate/overlay-store.ts';
import type { UpdateStep, UpdateTools } from '../../lib/step/step.ts';
import { updateToken } from '../../lib/step/update-token.ts';
import { DEFAULT_LEDGER_LIMITS, type LedgerLimits } from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const DAY = 86_400_000;
const HONEST = 999;
const ACTIONS = { enable, disable, 'change failcounter': changeFailcounter };
const OPTIONS = { enable: {}, disable: {}, 'change failcounter': { 'change fail counter': '+1' } };

interface Flooding {
  readonly definition: number;
  readonly action: keyof typeof ACTIONS;
  /** When it says that it occurred, in milliseconds before now. */
  readonly age: number;
}

async function startToken(limits: LedgerLimits) {
  const tokens = overlayStore({ read: async () => undefined, serialsOf: async function* () {} });
  await tokens.create(newRecord({ serial: 'T1', tokentype: 'hotp', active: true }));
  const deps = { tokens, tools: {}, timezone: 'UTC', now: () => NOW, limits } as unknown as UpdateTools;
  let count = 0;
  const perform = async ({ definition, action, age }: Flooding, given?: string) => {
    count += 1;
    const id = given ?? `step ${count}`;
    const options = parseOptions(ACTIONS[action], OPTIONS[action]);
    const [time, event] = [NOW - age, `event ${id}`];
    const step = {
      subject: {
        id,
        event: { id: event, name: 'n', time },
        definition: { id: definition, name: 'd' },
        action,
        serial: 'T1',
      },
      action: ACTIONS[action],
      options,
      clauses: [],
      stamp: { time, ordering: 0, definition, event },
      laterSteps: [],
      user: undefined,
      client_ip: null,
      user_agent: null,
    };
    return (await updateToken(step as unknown as UpdateStep, deps)).outcome;
  };
  return { perform, read: async () => tokens.read('T1') };
}

describe('a flood', () => {
  it('of 601 events within half a minute leaves an honest disable of two seconds before it alone', async () => {
    const { perform, read } = await startToken(DEFAULT_LEDGER_LIMITS);
    const honest = { definition: HONEST, action: 'disable', age: 32_000 } as const;
    for (let i = 0; i < 601; i += 1) {
      await perform({ definition: 1, action: 'change failcounter', age: 30_000 - i * 49 });
    }
    expect(await perform(honest, 'honest')).toMatchObject({ status: 'done' });
    expect(await perform(honest, 'honest')).toMatchObject({ status: 'done', event: { time: '2026-03-15T10:19:58Z' } });
    expect((await read())?.token).toMatchObject({ active: false, failcount: 601 });
    expect((await read())?.lowWatermark).toBeNull();
  });

  it('leaves the new events of its own definition alone, and may refuse their late redeliveries', async () => {
    const { perform } = await startToken(DEFAULT_LEDGER_LIMITS);
    for (let i = 0; i < 601; i += 1) await perform({ definition: 1, action: 'enable', age: 30_000 - i * 49 });
    expect(await perform({ definition: 1, action: 'enable', age: 0 })).toMatchObject({ status: 'done' });
    expect(await perform({ definition: 1, action: 'enable', age: 30_000 })).toMatchObject({
      status: 'failed',
      reason: { code: 'too_old' },
    });
  });

  it('of any definitions and times refuses no step of another definition, and does none twice', async () => {
    const flooding = fc.record({
      definition: fc.integer({ min: 1, max: 4 }),
      action: fc.constantFrom('enable', 'change failcounter'),
      age: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 20 * DAY })),
    });
    const limits = { ...DEFAULT_LEDGER_LIMITS, keepNewest: 3, hardCap: 25 };
    const honest = fc.record({ age: fc.integer({ min: 0, max: 4 * DAY - 1 }), at: fc.nat({ max: 80 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(flooding, { minLength: 80, maxLength: 80 }), honest, async (flood, { age, at }) => {
        const { perform, read } = await startToken(limits);
        const step = { definition: HONEST, action: 'disable', age } as const;
        const outcomes = [];
        for (const [i, one] of flood.entries()) {
          if (i === at) outcomes.push(await perform(step, 'honest'));
          await perform(one as Flooding);
        }
        outcomes.push(await perform(step, 'honest'));
        const done = (await read())?.ledger.filter(({ definition }) => definition === HONEST) ?? [];
        const younger = flood.some((one) => one.action === 'enable' && one.age <= age);
        for (const outcome of outcomes) {
          const code = outcome?.reason?.code ?? 'done';
          expect(younger ? ['done', 'superseded'] : ['done']).toContain(code);
        }
        expect(done.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});
