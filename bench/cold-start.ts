/**
 * Measures a cold start of each function: a process of its own loads the bundle and serves its first event, on the
 * local stack.
 * Baseline: an empty handler, and a handler by hand with the two SDK clients that every action needs.
 * Read the ratio to the handler by hand. It compares CPU times, for each side the smallest of several turns, so that other
 * load on the machine has little influence.
 *
 *   node bench/cold-start.ts [--json] [--quick] [--instructions] [FUNCTION ...]
 *
 * `--instructions` counts the instructions that loading executes instead (needs valgrind): slow, but nearly the same on
 * a busy machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BundleFile, bundle } from '../infra/bundle/bundle.ts';
import { coldStart, instructionsOf } from './cold-start/cost.ts';
import { firstEvents } from './cold-start/first-events.ts';
import { writeFiles } from './cold-start/write-files.ts';
import { isQuick, report } from './report.ts';
import { rounded } from './turns.ts';

/** At most 45 ms if the two clients alone take 32. */
const BUDGET_RATIO = 45 / 32;
const BY_HAND = 'bench/cold-start/by-hand.handler';

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    instructions: { type: 'boolean' },
    quick: { type: 'boolean' },
  },
});
const turns = isQuick ? 1 : values.instructions ? 3 : 30;

interface Side {
  readonly name: string;
  readonly files: readonly BundleFile[];
  event(turn: number): string;
  load: number;
  serve: number;
}

const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bundles-'));
const { stack, of } = await firstEvents(turns);
try {
  const sides = await sidesOf();
  const modules = sides.map(({ files }, index) => writeFiles(join(folder, String(index)), files));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, side] of sides.entries()) await measure(side, modules[index] ?? '', turn);
  }
  reportOf(sides);
} finally {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function sidesOf(): Promise<Side[]> {
  const functions = of.filter(({ lambda }) => wanted.length === 0 || wanted.includes(lambda.key));
  const [byHand = [], ...bundles] = await bundle(
    [BY_HAND, ...functions.map(({ lambda }) => lambda.handler)],
    process.cwd(),
  );
  const empty = [{ path: 'empty.js', content: Buffer.from('exports.handler = async () => {};') }];
  const event = () => JSON.stringify({ id: 'by-hand' });
  const common = { load: Number.POSITIVE_INFINITY, serve: Number.POSITIVE_INFINITY };
  return [
    { ...common, name: 'an empty handler', files: empty, event },
    { ...common, name: 'by hand: the two SDK clients', files: byHand, event },
    ...functions.map(({ lambda, event }, index) => ({
      ...common,
      name: lambda.key,
      files: bundles[index] ?? [],
      event,
    })),
  ];
}

async function measure(side: Side, module: string, turn: number): Promise<void> {
  if (values.instructions) {
    side.load = Math.min(side.load, await instructionsOf(module, stack.environment));
    return;
  }
  const { load, serve } = await coldStart(module, side.event(turn), stack.environment);
  side.load = Math.min(side.load, load);
  side.serve = Math.min(side.serve, serve);
}

function reportOf([empty, byHand, ...functions]: readonly Side[]): void {
  if (!empty || !byHand) return;
  const ratioOf = (side: Side) => (side.load - empty.load) / (byHand.load - empty.load);
  const results = [empty, byHand, ...functions].map((side) => {
    const [main, ...lazy] = side.files;
    return {
      name: side.name,
      bytes: main?.content.length ?? 0,
      lazyBytes: lazy.reduce((sum, { content }) => sum + content.length, 0),
      load: rounded(side.load - empty.load),
      loadRatio: rounded(ratioOf(side)),
      ...(values.instructions ? {} : { firstEvent: rounded(side.serve) }),
    };
  });
  const over = functions.filter((side) => ratioOf(side) > BUDGET_RATIO).map(({ name }) => name);
  report({
    results,
    unit: values.instructions ? 'millions of instructions' : 'milliseconds of CPU',
    budgetRatio: rounded(BUDGET_RATIO),
    over,
  });
}
