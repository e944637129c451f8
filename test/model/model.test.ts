/**
 * Compares the stack with the model, under faults, in a few worlds of each kind. `npm run soak` plays thousands, also with
 * each protecting mechanism switched off in turn.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { aboutFlavour, FLAVOURS, type Flavour, worlds } from './flavours.ts';
import { play } from './play.ts';

const WORLDS: Readonly<Record<Flavour, number>> = {
  conditional: 3,
  siblings: 1,
  ahead: 2,
  unremembered: 2,
  order: 3,
  counted: 1,
  users: 2,
  leaving: 2,
  busy: 1,
  enrolling: 1,
  pre: 2,
  bulk: 2,
};
const FIRST = Number(process.env.MODEL_SEED ?? 1001);

describe('under faults, the stack does what the model says', () => {
  it.each(FLAVOURS.map((flavour) => [flavour, aboutFlavour(flavour)] as const))(
    '%s: %s',
    async (flavour) => {
      for (let seed = FIRST; seed < FIRST + WORLDS[flavour]; seed += 1) {
        const property = fc.asyncProperty(worlds(flavour), async (world) => void (await play(world)));
        const repeat = `npm run soak -- --flavour ${flavour} --seed ${seed} --seeds 1`;
        const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, endOnFailure: true });
        if (failed) throw new Error(`${flavour} ${seed} fails; repeat it with: ${repeat}`, { cause: errorInstance });
      }
    },
    180_000,
  );
});
