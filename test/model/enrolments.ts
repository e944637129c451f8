/**
 * Checks steps that create tokens: each creates one, however often it is delivered, with the same serial and key; no other
 * tokens exist than the announced ones, and no more than a condition on their number allows.
 */
import assert from 'node:assert/strict';
import { type Announced, definitionsOf } from './announcements.ts';
import type { ModelToken } from './manual.ts';
import { NOW, type World, type WorldDefinition, type WorldEvent } from './world.ts';

export function openEnrolments(world: World) {
  const makers = world.definitions.filter(({ action }) => action === 'enroll');
  const made = new Map<string, Announced[]>();
  let before = world.tokens.filter(({ user }) => user !== null).length;

  const requireAlike = (key: string, outcome: Announced): void => {
    const others = made.get(key) ?? [];
    for (const other of others) {
      assert.equal(outcome.id, other.id, `${key} is announced under one id`);
      assert.equal(outcome.serial, other.serial, `${key} makes one token`);
      assert.deepEqual(outcome.changes ?? other.changes, other.changes ?? outcome.changes, key);
      if (outcome.response && other.response)
        assert.deepEqual(outcome.response, other.response, `${key} makes one key`);
    }
    made.set(key, [...others, outcome]);
  };

  /** @returns whether a token was created for the first time */
  const judgeStep = (event: WorldEvent, definition: WorldDefinition, said: readonly Announced[], isFull: boolean) => {
    const key = `${event.id}/${definition.id}`;
    const wasMade = made.has(key);
    for (const outcome of said.filter(({ status }) => status === 'done')) requireAlike(key, outcome);
    for (const { status, serial, reason } of said.filter((one) => one.status !== 'done')) {
      assert.ok(!made.has(key) && serial === null, `${key} makes a token or none`);
      const code = event.time > NOW + 300_000 ? 'bad_time' : 'condition';
      assert.deepEqual(
        { status, code: reason?.code },
        { status: code === 'condition' ? 'skipped' : 'failed', code },
        key,
      );
      if (code === 'condition') assert.ok(isFull, `${key} is one too many`);
    }
    assert.ok(said.length > 0 || isFull, `${key} is announced`);
    return !wasMade && made.has(key);
  };

  return {
    isOne: ({ definition }: Announced): boolean => makers.some(({ id }) => id === definition?.id),

    /** @param owned the serials of all tokens of the user, as they are now @throws AssertionError */
    judge(
      events: readonly WorldEvent[],
      said: readonly Announced[],
      owned: readonly string[],
      tokens: ReadonlyMap<string, ModelToken>,
    ): void {
      let count = before;
      for (const event of events) {
        for (const definition of definitionsOf(world, event)) {
          if (!makers.includes(definition)) continue;
          const most = mostOf(definition);
          const isFull = events.length === 1 ? count >= most : owned.length >= most;
          const about = said.filter((one) => one.event.id === event.id && one.definition?.id === definition.id);
          const isNew = judgeStep(event, definition, about, isFull);
          if (isNew) count += 1;
          if (isNew && events.length === 1) assert.ok(count <= most, `${event.id}/${definition.id} is one too many`);
          assert.ok(owned.length <= Math.max(before, most), `the user has no more than ${most} tokens`);
        }
      }
      const kept = [...tokens].filter(([, { user }]) => user !== null).map(([serial]) => serial);
      const serials = [...made.values()].map(([first]) => String(first?.serial));
      assert.deepEqual([...owned].sort(), [...kept, ...serials].sort(), 'the tokens of the user');
      before = owned.length;
    },
  };
}

/** The maximum number of the user's tokens after a step has created one. */
function mostOf({ conditions: { user_token_number: wanted } }: WorldDefinition): number {
  return wanted === undefined ? Number.POSITIVE_INFINITY : Number(wanted.slice(1));
}
