/**
 * The model over many worlds: `npm run soak`. Each seed is a world of its own; one that fails is made smaller and says
 * how to repeat it. With `--off` a promise's keeper is switched off, and the first seed that shows it ends the run.
 * Stopped by Ctrl-C it tells what it has come to, after the world at hand.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { FLAVOURS, worlds } from '../model/flavours.ts';
import { hostileWorlds } from '../model/hostile-worlds.ts';
import type { Played } from '../model/play.ts';
import { findMutation, type SoakFlavour, switchOff } from './mutations.ts';

const ALL: readonly SoakFlavour[] = [...FLAVOURS, 'hostile'];

const USAGE = `Usage: npm run soak -- [--flavour F] [--seed N] [--seeds N] [--off MUTATION]

  --seed N         the first seed (1)
  --seeds N        how many (1000)
  --flavour F      some kinds of worlds only, separated by commas: ${ALL.join(', ')}
  --concurrency N  how many functions run at once (1: the same every time)
  --off MUTATION   with one keeper of a promise switched off, until a seed shows it
`;

const { values } = parseArgs({
  options: {
    flavour: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '1' },
    off: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (values.off) switchOff(findMutation(values.off));
const { play } = await import('../model/play.ts');
const { playHostile } = await import('../model/hostile-play.ts');

const [first, count, concurrency] = [Number(values.seed), Number(values.seeds), Number(values.concurrency)];
const wanted = values.flavour?.split(',') ?? ALL;
const flavours = ALL.filter((one) => wanted.includes(one));
const faults: Record<string, number> = {};
const failures: string[] = [];
let [outcomes, deadLetters, played, last] = [0, 0, 0, first];

let isOver = false;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    isOver = true;
  });
}
for (let seed = first; seed < first + count && !isOver; seed += 1) {
  for (const flavour of flavours) if (!isOver) await playSeed(flavour, seed);
}
report();
process.exit(failures.length > 0 ? 1 : 0);

async function playSeed(flavour: SoakFlavour, seed: number): Promise<void> {
  const once = { seed, numRuns: 1, endOnFailure: !values.shrink };
  const result =
    flavour === 'hostile'
      ? await fc.check(
          fc.asyncProperty(hostileWorlds, async (world) => note(await playHostile(world))),
          once,
        )
      : await fc.check(
          fc.asyncProperty(worlds(flavour), async (world) => note(await play(world, concurrency))),
          once,
        );
  played += 1;
  last = seed;
  if (!result.failed) return;
  const repeat = `npm run soak -- --flavour ${flavour} --seed ${seed} --seeds 1${values.off ? ` --off "${values.off}"` : ''}`;
  failures.push(repeat);
  isOver ||= values.off !== undefined;
  const why = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  process.stdout.write(
    `${flavour} ${seed} fails: ${why}\n${values.off ? '' : `${JSON.stringify(result.counterexample)}\n`}  ${repeat}\n`,
  );
}

function note(result: Played): void {
  outcomes += result.outcomes;
  deadLetters += result.deadLetters;
  for (const [kind, number] of Object.entries(result.faults)) faults[kind] = (faults[kind] ?? 0) + number;
}

function report(): void {
  const kinds = Object.entries(faults).sort(([a], [b]) => (a < b ? -1 : 1));
  process.stdout.write(
    `${played} worlds, seeds ${first} to ${last}, ${failures.length} failed; ${outcomes} outcomes, ${deadLetters} dead letters put back\n`,
  );
  process.stdout.write(`faults injected: ${kinds.map(([kind, number]) => `${kind} ${number}`).join(', ')}\n`);
}
