/**
 * Checks what bulk runs announce: a step for each token that was in the state when the round began, and for no other, and one
 * summary that counts them; or a final refusal, if another run of the definition was under way.
 */
import assert from 'node:assert/strict';
import {
  type Announced,
  type Announcements,
  definitionsOf,
  isBulk,
  keyOf,
  normal,
  type Summary,
} from './announcements.ts';
import { tokenAfter } from './history.ts';
import { decide, type Verdict } from './verdict.ts';
import { NOW, type World, type WorldDefinition, type WorldEvent } from './world.ts';

export function openRuns(world: World, { starts, histories, note }: Announcements) {
  const ended = new Map<string, 'finished' | 'refused'>();
  const summaries = new Map<string, string>();

  const verdictsOf = (event: WorldEvent, definition: WorldDefinition): Map<string, Verdict> => {
    const verdicts = new Map<string, Verdict>();
    for (const [serial, start] of starts) {
      const history = histories.get(serial) ?? [];
      const token = tokenAfter(start, history);
      const isMeant = definition.target === 'disabled' ? !token.active : token.user === null;
      if (isMeant && !token.deleted) verdicts.set(serial, decide(start, history, { event, definition }));
    }
    return verdicts;
  };

  /** @param isAlone whether nothing else is under way, so that every verdict is predicted */
  const judgeRun = (
    { event, definition }: { readonly event: WorldEvent; readonly definition: WorldDefinition },
    said: readonly Announced[],
    told: readonly Summary[],
    isAlone: boolean,
  ): void => {
    const key = keyOf(event.id, definition.id, 'all');
    if (event.time > NOW + 300_000) {
      const refusals = said.map(({ serial, reason }) => [serial, reason?.code]);
      assert.ok(refusals.length > 0, `${key} is announced`);
      assert.ok(
        refusals.every(([serial, code]) => serial === null && code === 'bad_time'),
        `${key} is from the future`,
      );
      assert.equal(told.length, 0, `${key} is no run`);
      return;
    }
    const isRefused = said.some(({ reason }) => reason?.code === 'bulk_running');
    if (isRefused) assert.ok(!isAlone || ended.get(key) === 'refused', `${key} had nothing in its way`);
    if (isRefused || ended.get(key) === 'refused') {
      assert.deepEqual([...new Set(said.map(({ serial }) => serial))], [null], `${key} is refused, and does nothing`);
      assert.equal(told.length, 0, `${key} is refused, and has no summary`);
      ended.set(key, 'refused');
      return;
    }
    assert.ok(told.length > 0, `${key} tells what came of all`);
    if (ended.has(key)) {
      assert.equal(said.length, 0, `${key} is over`);
      return;
    }
    ended.set(key, 'finished');
    const verdicts = verdictsOf(event, definition);
    for (const { serial } of said) assert.ok(serial !== null && verdicts.has(serial), `${key} does not mean ${serial}`);
    for (const [serial, verdict] of verdicts) {
      const about = said.filter((one) => one.serial === serial);
      assert.ok(about.length > 0, `${key} is announced of ${serial}`);
      if (isAlone) for (const outcome of about) requireVerdict(outcome, verdict, `${key}: ${serial}`);
    }
    const { found, done, skipped, failed, deferred } = told[0]?.tokens ?? NOTHING;
    assert.equal(found, verdicts.size, `${key} counts every token once`);
    assert.equal(done + skipped + failed + deferred, found, `${key} counts what came of every token`);
  };

  return {
    isOne: ({ definition }: Announced): boolean =>
      world.definitions.some((one) => one.id === definition?.id && isBulk(one)),

    /** @throws AssertionError */
    judge(events: readonly WorldEvent[], said: readonly Announced[], told: readonly Summary[]): void {
      for (const outcome of said) note(outcome);
      for (const { id, ...summary } of told) {
        const content = JSON.stringify(summary);
        assert.equal(summaries.get(id) ?? content, content, `the run ${id} is always summed up alike`);
        summaries.set(id, content);
        assert.equal(summary.stopped, false, `the run ${id} goes on to its end`);
      }
      for (const event of events) {
        for (const definition of definitionsOf(world, event).filter(isBulk)) {
          const isOfRun = (one: Announced | Summary) =>
            one.event.id === event.id && one.definition?.id === definition.id;
          judgeRun({ event, definition }, said.filter(isOfRun), told.filter(isOfRun), events.length === 1);
        }
      }
    },
  };
}

const NOTHING: Summary['tokens'] = { found: 0, done: 0, skipped: 0, failed: 0, deferred: 0 };

function requireVerdict({ status, reason, changes }: Announced, verdict: Verdict, what: string): void {
  const expected = { status: verdict?.status, code: verdict?.code, changes: changes && verdict?.changes };
  assert.deepEqual({ status, code: reason?.code ?? null, changes: normal(changes) }, expected, what);
}
