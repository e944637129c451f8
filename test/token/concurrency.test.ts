/** Many writers at once: exact sums, and how many tries they took. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeFailcounter } from '../../lib/action/actions/change-failcounter.ts';
import { pauseWithJitter } from '../../lib/base/concurrency.ts';
import type { UpdateStep, UpdateTools } from '../../lib/step/step.ts';
import { updateToken } from '../../lib/step/update-token.ts';
import { DEFAULT_LEDGER_LIMITS } from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';
import { type TokenStore, tokenStore } from '../../lib/token/store.ts';
import { startDynamodb, TABLE } from '../support/dynamodb.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
/** 64 writers that never back off take some 32 tries each. */
const TRIES_A_STEP_MAY_TAKE = 32;

let database: Awaited<ReturnType<typeof startDynamodb>>;
let store: TokenStore;
beforeAll(async () => {
  database = await startDynamodb();
  store = tokenStore(database.documents, TABLE);
});
afterAll(() => database.stop());

/** Counts the reads, of which each try takes one. */
function counting() {
  const taken = { reads: 0, gaveUp: 0 };
  const tools = {
    tokens: {
      read: (serial: string) => {
        taken.reads += 1;
        return store.read(serial);
      },
      replace: store.replace,
    },
    tools: {},
    timezone: 'UTC',
    now: () => NOW,
    limits: DEFAULT_LEDGER_LIMITS,
    pause: pauseWithJitter,
  } as unknown as UpdateTools;
  return { taken, tools };
}

function plusOne(serial: string, id: string): UpdateStep {
  const event = { id, name: 'validate_check', time: NOW };
  return {
    subject: { id, event, definition: null, action: 'change failcounter', serial },
    action: changeFailcounter,
    options: { ok: true, value: { 'change fail counter': 1 } },
    clauses: [],
    stamp: { time: NOW, ordering: 0, definition: 1, event: id },
    laterSteps: [],
    user: undefined,
    client_ip: null,
    user_agent: null,
  } as UpdateStep;
}

/** As Lambda and then people do: what gave up is delivered again. */
async function untilDone(step: UpdateStep, tools: UpdateTools, taken: { gaveUp: number }): Promise<void> {
  for (;;) {
    try {
      const { outcome } = await updateToken(step, tools);
      expect(outcome?.status).toBe('done');
      return;
    } catch (error) {
      expect(String(error)).toContain('was changed by others');
      taken.gaveUp += 1;
    }
  }
}

describe('writers at once', () => {
  it.each([
    ['64 on one token', 64, 1],
    ['90 on 15 tokens', 90, 15],
  ])('%s are all counted, each once', async (name, steps, tokens) => {
    const serials = Array.from({ length: tokens }, (_, i) => `${name} ${i}`);
    for (const serial of serials) await store.create(newRecord({ serial, tokentype: 'hotp' }));
    const { taken, tools } = counting();
    await Promise.all(
      Array.from({ length: steps }, (_, i) =>
        untilDone(plusOne(serials[i % tokens] ?? '', `${name} s${i}`), tools, taken),
      ),
    );
    const counts = await Promise.all(serials.map(async (serial) => (await store.read(serial))?.token.failcount));
    expect(counts).toEqual(serials.map(() => steps / tokens));
    expect(taken.reads).toBeLessThan(steps * TRIES_A_STEP_MAY_TAKE);
  });

  it('gives up to its caller after so many tries, and says so', async () => {
    const record = newRecord({ serial: 'busy', tokentype: 'hotp' });
    const pauses: number[] = [];
    const tools = {
      ...counting().tools,
      tokens: { read: async () => record, replace: async () => false },
      pause: async (attempt: number) => void pauses.push(attempt),
    };
    await expect(updateToken(plusOne('busy', 's'), tools)).rejects.toThrow('was changed by others 12 times in a row');
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
