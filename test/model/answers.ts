/**
 * Checks the answers to a sender that waits for outcomes and repeats its call with the same id: each answer contains what was
 * done, with the same content. An outcome that is not "done" may be missing, if a later step of its slip has been done since,
 * because it is not decided again.
 */
import assert from 'node:assert/strict';
import { type Announced, type Announcements, definitionsOf, keyOf, normal } from './announcements.ts';
import type { World, WorldEvent } from './world.ts';

export interface Answer {
  readonly outcomes: readonly Announced[];
  /** The number of earlier calls without an answer. */
  readonly failures: number;
}

export function openAnswers(world: World, { announced, applied }: Announcements) {
  const answered = new Set<string>();

  const requireAlike = (key: string, outcome: Announced, others: readonly Announced[]): void => {
    for (const other of others) assert.ok(isAlike(outcome, other), `${key} is announced, and answered, alike`);
  };

  const requireComplete = (event: WorldEvent, { outcomes, failures }: Answer, serial: string): void => {
    const slip = definitionsOf(world, event);
    const of = (definition: number) =>
      outcomes.find((one) => one.definition?.id === definition && one.serial === serial);
    const isFirst = failures === 0 && !answered.has(event.id);
    for (const [at, { id, abort_on_error }] of slip.entries()) {
      const key = keyOf(event.id, id, serial);
      const outcome = of(id);
      if (outcome?.status === 'failed' && abort_on_error) return;
      if (outcome || !announced.has(key)) continue;
      const isPassed = slip.slice(at + 1).some((later) => applied(serial, event.id, later.id));
      assert.ok(!isFirst && isPassed && !applied(serial, event.id, id), `${key} is in the answer`);
    }
  };

  return {
    /** Call it when everything of the round has been announced. @throws AssertionError */
    judge(event: WorldEvent, answers: readonly Answer[]): void {
      const given = answers.flatMap(({ outcomes }) => outcomes);
      for (const outcome of given) {
        const key = keyOf(outcome.event.id, outcome.definition?.id, outcome.serial);
        const isSame = (one: Announced): boolean =>
          keyOf(one.event.id, one.definition?.id, one.serial) === key && one.status === outcome.status;
        requireAlike(key, outcome, given.filter(isSame));
        requireAlike(key, outcome, (announced.get(key) ?? []).filter(isSame));
        assert.ok((announced.get(key) ?? []).some(isSame), `${key} is announced as it is answered`);
      }
      for (const answer of answers) {
        for (const serial of event.serials) requireComplete(event, answer, serial);
        answered.add(event.id);
      }
    },
  };
}

/** Compares two answers. Changes that are no longer stored, and a PIN that has changed since, may be missing in one. */
function isAlike(a: Announced, b: Announced): boolean {
  const isSame = (one: unknown, other: unknown): boolean =>
    (one ?? null) === null || (other ?? null) === null || JSON.stringify(one) === JSON.stringify(other);
  return (
    a.id === b.id &&
    a.reason?.code === b.reason?.code &&
    isSame(normal(a.changes), normal(b.changes)) &&
    isSame(a.response?.detail.pin, b.response?.detail.pin)
  );
}
