import { describe, expect, it } from 'vitest';
import { findAction } from '../../lib/action/catalogue.ts';
import { compileSet } from '../../lib/definition/definition-cache.ts';
import { memoryDirectory } from '../../lib/directory/item-directory.ts';
import type { Slip } from '../../lib/event/slip.ts';
import { type DryRun, dryRun } from '../../lib/simulate/dry-run.ts';
import { runAndLookAhead, type Stretch } from '../../lib/step/look-ahead.ts';
import { newRecord, type TokenRecord } from '../../lib/token/record.ts';
import { memoryTokens } from '../../lib/token/store.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const USER = { login: 'cornelius', realm: 'realm1', resolver: 'resolver1', uid: '1000' };
const ELSEWHERE = { conditions: { realm: 'other' } };
const DISABLE = { action: 'disable', options: {} };

interface Given {
  readonly action: string;
  readonly options: Readonly<Record<string, string>>;
  readonly conditions?: Readonly<Record<string, string>>;
  readonly abort_on_error?: boolean;
}

/** A slip on token T1 with a step for each definition, whose conditions are all deferred. Their ids begin with 1. */
async function prepare(definitions: readonly Given[], token: Partial<TokenRecord> = {}, time = NOW) {
  const record = { ...newRecord({ serial: 'T1', tokentype: 'hotp', user: USER }), ...token };
  const bodies = definitions.map((given, i) => ({ id: i + 1, name: `d${i + 1}`, event: 'auth', ...given }));
  const set = await compileSet(bodies.map((body) => ({ id: body.id, version: 1, body })));
  const tokens = memoryTokens([record]);
  const scene = { directory: memoryDirectory([]), firstDelivery: async () => [], timezone: 'UTC', now: () => NOW };
  const runtime = dryRun({ ...scene, tokens }, set);
  const steps = definitions.map(({ action, conditions = {} }, i) => {
    return { definition: i + 1, version: 1, action, open: Object.keys(conditions).map((_, at) => at) };
  });
  const event = {
    key: `2:${'0'.repeat(64)}` as const,
    id: 'e1',
    name: 'auth',
    source: 'test',
    position: 'post' as const,
  };
  const slip: Slip = {
    action: steps[0]?.action ?? '',
    event: { ...event, time },
    serial: 'T1',
    facts: {},
    steps,
    at: 0,
  };
  return { slip, runtime };
}

async function run(slip: Slip, runtime: DryRun): Promise<Stretch> {
  const action = findAction(slip.action);
  if (!action) throw new Error(slip.action);
  return runAndLookAhead(slip, action, runtime);
}

/** Each outcome as `definition status`, and the definition of the step to go on with. */
function shown({ outcomes, next }: Stretch) {
  const told = outcomes.map(({ definition, status, reason }) => `${definition?.id} ${reason?.code ?? status}`);
  return { told, next: next?.steps[next.at]?.definition ?? null };
}

describe('the steps after one that was run', () => {
  it('are skipped with it as long as their conditions reject the token, with the outcomes of their own', async () => {
    const { slip, runtime } = await prepare([
      DISABLE,
      { ...DISABLE, ...ELSEWHERE },
      { ...DISABLE, ...ELSEWHERE },
      DISABLE,
    ]);
    const stretch = await run(slip, runtime);
    expect(shown(stretch)).toEqual({ told: ['1 done', '2 condition', '3 condition'], next: 4 });
    const alone = await run({ ...slip, at: 1 }, (await prepare([DISABLE, { ...DISABLE, ...ELSEWHERE }])).runtime);
    expect(stretch.outcomes[1]).toEqual(alone.outcomes[0]);
    expect(stretch.outcomes[1]).toMatchObject({
      status: 'skipped',
      definition: { id: 2, name: 'd2' },
      action: 'disable',
      serial: 'T1',
      reason: { code: 'condition', condition: 'realm', wanted: 'other', saw: 'realm1' },
    });
  });

  it('are evaluated on the token as the step has left it', async () => {
    const raise = { action: 'set failcounter', options: { 'fail counter': '7' } };
    const low = { ...DISABLE, conditions: { failcounter: '<3' } };
    const high = { ...DISABLE, conditions: { failcounter: '7' } };
    const { slip, runtime } = await prepare([raise, low, high]);
    expect(shown(await run(slip, runtime))).toEqual({ told: ['1 done', '2 condition'], next: 3 });
    const skipped = await prepare([high, low]);
    expect(shown(await run(skipped.slip, skipped.runtime))).toEqual({ told: ['1 condition'], next: 2 });
  });

  it('are left to their functions where they may end otherwise than skipped', async () => {
    const rejected = { ...DISABLE, ...ELSEWHERE };
    const flooded = await prepare([DISABLE, rejected], { definitionWatermarks: { 2: NOW } });
    expect(shown(await run(flooded.slip, flooded.runtime))).toEqual({ told: ['1 done'], next: 2 });
    const old = await prepare([DISABLE, rejected], { lowWatermark: NOW });
    expect(shown(await run(old.slip, old.runtime))).toEqual({ told: ['1 too_old'], next: 2 });
    const early = await prepare([DISABLE, rejected], {}, NOW + 300_001);
    expect(shown(await run(early.slip, early.runtime))).toEqual({ told: ['1 bad_time'], next: 2 });
    const deleted = await prepare([{ action: 'delete', options: {} }, rejected]);
    expect(shown(await run(deleted.slip, deleted.runtime))).toEqual({ told: ['1 done'], next: 2 });
    const broken = await prepare([DISABLE, { ...rejected, action: 'nothing' }]);
    expect(shown(await run(broken.slip, broken.runtime))).toEqual({ told: ['1 done'], next: 2 });
  });

  it('are left to their functions where their conditions cannot be read', async () => {
    const { slip, runtime } = await prepare([DISABLE, { ...DISABLE, conditions: { counter: 'a > 2' } }]);
    const directory = { ...runtime.sources.directory, counters: () => Promise.reject(new Error('throttled')) };
    const unread = { ...runtime, sources: { ...runtime.sources, directory } };
    expect(shown(await run(slip, unread))).toEqual({ told: ['1 done'], next: 2 });
  });

  it('are not decided again after a step that was done before', async () => {
    const { slip, runtime } = await prepare([DISABLE, { ...DISABLE, ...ELSEWHERE }]);
    await run(slip, runtime);
    expect(shown(await run(slip, runtime))).toEqual({ told: ['1 done'], next: 2 });
  });

  it('are not decided after a failure that ends the slip', async () => {
    const failing = { action: 'set tokenrealm', options: { realm: 'nowhere' }, abort_on_error: true };
    const { slip, runtime } = await prepare([failing, { ...DISABLE, ...ELSEWHERE }]);
    expect(shown(await run(slip, runtime))).toEqual({ told: ['1 unknown_realm'], next: null });
  });

  it('are at most 50 at once', async () => {
    const { slip, runtime } = await prepare(Array.from({ length: 60 }, () => ({ ...DISABLE, ...ELSEWHERE })));
    const first = await run(slip, runtime);
    expect([first.outcomes.length, shown(first).next]).toEqual([51, 52]);
    if (!first.next) throw new Error('the slip is not at its end');
    const rest = await run(first.next, runtime);
    expect([rest.outcomes.length, rest.next]).toEqual([9, null]);
  });
});
