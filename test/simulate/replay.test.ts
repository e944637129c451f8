import { describe, expect, it } from 'vitest';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { type CheckedScenario, readScenario } from '../../cli/scenario/scenario.ts';
import { sceneOf, unapplied } from '../../cli/simulate/scene.ts';
import type { AuthEvent } from '../../lib/event/auth-event.ts';
import { type Replayed, replayEvents } from '../../lib/simulate/replay.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const REJECT = { result: { status: true, value: false, authentication: 'REJECT' } };
const USER = { login: 'hans', realm: 'r1', resolver: 'ldap', uid: '1' };

const COUNT = {
  id: 1,
  name: 'count',
  event: 'validate_check',
  action: 'change failcounter',
  options: { 'change fail counter': '+1' },
};
const OFF = {
  id: 2,
  name: 'off',
  event: 'validate_check',
  ordering: 1,
  action: 'disable',
  conditions: { failcounter: '>=3' },
};
const EARLIER = { ...OFF, conditions: { failcounter: '>=2' } };
const PIN = { id: 3, name: 'pin', event: 'token_assign', action: 'set random pin' };
const GONE = { id: 4, name: 'gone', event: 'token_lost', action: 'delete' };

const at = (minute: number, name: string, serial: string) => ({
  id: `e${minute}${serial}`,
  source: 'test',
  'detail-type': name,
  time: `2026-03-15T10:0${minute}:00Z`,
  detail: { serial, response: REJECT },
});
const EVENTS = [
  at(0, 'validate_check', 'T1'),
  at(1, 'validate_check', 'T1'),
  at(1, 'validate_check', 'T2'),
  at(2, 'token_assign', 'T2'),
  at(3, 'token_lost', 'T3'),
  at(4, 'validate_check', 'T3'),
];
const TOKENS = ['T1', 'T2', 'T3'].map((serial) => ({ serial, tokentype: 'hotp', user: USER }));
const PEOPLE = { realms: { r1: ['ldap'] }, users: [USER] };

function scenario(definitions: readonly object[], events: readonly object[] = EVENTS) {
  return readScenario({ ...PEOPLE, tokens: TOKENS, definitions, events }, NOW);
}

async function* each(events: readonly AuthEvent[]): AsyncGenerator<AuthEvent> {
  yield* events;
}

async function compare(present: CheckedScenario, proposed: CheckedScenario): Promise<Replayed> {
  const sets = {
    current: await unapplied(present.checked.definitions),
    proposed: await unapplied(proposed.checked.definitions),
  };
  const events = present.events.map(({ event }) => event);
  return replayEvents(each(events), await sceneOf(present), sets, () => undefined);
}

describe('replay', () => {
  it('counts the steps of each set, and shows which tokens end differently, and which definitions wrote them', async () => {
    const present = await scenario([COUNT, OFF, PIN]);
    const replayed = await compare(present, await scenario([COUNT, EARLIER, GONE]));
    expect(replayed).toEqual({
      events: 6,
      period: ['2026-03-15T10:00:00Z', '2026-03-15T10:04:00Z'],
      steps: { current: { done: 5, skipped: 4, failed: 0 }, proposed: { done: 5, skipped: 2, failed: 2 } },
      bulk_runs: { current: 0, proposed: 0 },
      definitions: [
        {
          id: 1,
          name: 'count',
          current: { done: 4, skipped: {}, failed: {} },
          proposed: { done: 3, skipped: {}, failed: { unknown_token: 1 } },
        },
        {
          id: 2,
          name: 'off',
          current: { done: 0, skipped: { condition: 4 }, failed: {} },
          proposed: { done: 1, skipped: { condition: 2 }, failed: { unknown_token: 1 } },
        },
        { id: 3, name: 'pin', current: { done: 1, skipped: {}, failed: {} }, proposed: null },
        { id: 4, name: 'gone', current: null, proposed: { done: 1, skipped: {}, failed: {} } },
      ],
      tokens: {
        changed: 3,
        different: [
          { serial: 'T1', differs: { active: [true, false] }, definitions: [2] },
          { serial: 'T2', differs: { pin_set: [true, false] }, definitions: [3] },
          { serial: 'T3', differs: { deleted: [false, true] }, definitions: [4] },
        ],
      },
    });
  });

  it('counts bulk runs, and does not walk them', async () => {
    const walk = { ...GONE, target: 'disabled', confirm: true };
    const replayed = await compare(await scenario([COUNT]), await scenario([COUNT, walk]));
    expect(replayed.bulk_runs).toEqual({ current: 0, proposed: 1 });
    expect(replayed.tokens.different).toEqual([]);
  });

  it('of a set against itself finds no token that ends differently', async () => {
    const present = await scenario([COUNT, EARLIER, PIN, GONE]);
    expect((await compare(present, present)).tokens).toEqual({ changed: 3, different: [] });
  });

  it('counts an event once that was recorded twice', async () => {
    const twice = [...EVENTS, ...EVENTS].sort((a, b) => (a.time < b.time ? -1 : 1));
    const present = await scenario([COUNT, PIN], twice);
    const { steps } = await compare(present, present);
    expect(steps.current).toEqual({ done: 5, skipped: 0, failed: 0 });
  });

  it('ends with the tokens with which the real handlers end', async () => {
    const present = await scenario([COUNT, EARLIER, PIN, GONE]);
    const nothing = await scenario([]);
    const { different } = (await compare(nothing, present)).tokens;
    const { tokens } = await runScenario(present);
    const after = different.map(({ serial, differs }) => {
      const token = tokens.find((one) => one.serial === serial);
      return Object.entries(differs).map(([field, [, ends]]) => [field, field === 'deleted' ? !token : ends, token]);
    });
    expect(different.map(({ serial }) => serial)).toEqual(['T1', 'T2', 'T3']);
    for (const [field, ends, token] of after.flat()) {
      if (field === 'deleted') expect(ends).toBe(true);
      else expect(token).toMatchObject({ [String(field)]: ends });
    }
  });

  it('starts with the tokens as they are now, and with empty ledgers', async () => {
    const present = await scenario([COUNT]);
    const scene = await sceneOf(present);
    const applied: typeof scene.tokens = {
      ...scene.tokens,
      read: async (serial) => {
        const record = await scene.tokens.read(serial);
        return record && { ...record, lowWatermark: NOW, stamps: {}, ledger: [] };
      },
    };
    const set = await unapplied(present.checked.definitions);
    const events = each(present.events.map(({ event }) => event));
    const sets = { current: set, proposed: set };
    const { steps } = await replayEvents(events, { ...scene, tokens: applied }, sets, () => undefined);
    expect(steps.current).toEqual({ done: 4, skipped: 0, failed: 0 });
  });
});
