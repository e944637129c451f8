/**
 * Plays hostile and honest senders on the real stack. No sender may change what another sender's event does to a token,
 * except by an assignment that occurred later. More worlds: `npm run soak -- --flavour hostile`.
 */
import fc from 'fast-check';
import { it } from 'vitest';
import { playHostile } from './hostile-play.ts';
import { hostileWorlds } from './hostile-worlds.ts';

it('no sender changes what the event of another does, but by an assignment that occurred later', async () => {
  const property = fc.asyncProperty(hostileWorlds, async (world) => void (await playHostile(world)));
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
}, 180_000);
