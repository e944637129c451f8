/** Plays a world of hostile senders on the real stack, and compares the result with the expected one. */
import assert from 'node:assert/strict';
import { runScenario } from '../../cli/scenario/run-scenario.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import {
  ADA,
  DEFINITIONS,
  envelopesOf,
  expectedOf,
  type HostileWorld,
  LEA,
  NOISE,
  START,
  USER,
} from './hostile-worlds.ts';
import type { Played } from './play.ts';

/** @throws AssertionError */
export async function playHostile(world: HostileWorld): Promise<Played> {
  const scenario = await readScenario(
    {
      realms: { Staff: ['r1'] },
      users: [USER, ADA, LEA],
      tokens: [
        { serial: 'T1', tokentype: 'hotp', user: USER },
        { serial: 'T2', tokentype: 'hotp', user: ADA },
      ],
      definitions: DEFINITIONS,
      events: envelopesOf(world),
    },
    START,
  );
  const delivery = world.flood > 0 ? undefined : { copies: 2, seed: world.seed };
  const { tokens, outcomes } = await runScenario(scenario, delivery);
  const expected = expectedOf(world);

  const told = outcomes.filter(({ serial, definition }) => serial === 'T1' && definition?.id !== NOISE);
  const codes = told.map(({ reason }) => reason?.code ?? 'done');
  const refused = codes.filter((code) => !['done', 'superseded', 'bad_time'].includes(code));
  assert.deepEqual(refused, [], 'no step is refused for what others sent');
  assert.equal(
    codes.filter((code) => code === 'bad_time').length,
    expected.ahead,
    'what is from the future is refused',
  );
  assert.equal(told.length, expected.steps + expected.ahead, 'each event is done for itself');
  const [token, other] = tokens;
  assert.equal(token?.info.state, expected.state, 'the last assignment by time stands');
  assert.equal(token?.failcount, expected.failcount, 'what counts is counted once');
  assert.equal(other?.user === null, expected.parted, 'an event about a user is about no other');
  return { faults: {}, outcomes: outcomes.length, deadLetters: 0 };
}
