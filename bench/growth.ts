/**
 * Measures the whole way of an event with few tokens in the table and with many: an event must cost the same.
 * Baseline: the stack with few tokens. Read the ratio, which should be 1. The two stacks take turns.
 *
 *   node bench/growth.ts [--json] [--quick]
 */
import { fork } from 'node:child_process';
import { startCounting } from './end-to-end/counting-stack.ts';
import { isQuick, report } from './report.ts';
import { median, rounded } from './turns.ts';

const SIZES = isQuick ? [100, 2_000] : [1_000, 100_000];
const EVENTS = isQuick ? 50 : 200;
const ROUNDS = isQuick ? 2 : 9;

const size = process.argv.find((argument) => argument.startsWith('tokens='))?.slice('tokens='.length);
await (size === undefined ? measure() : serve(Number(size)));

/** Runs a stack in a process of its own: sends events when told to, and answers how many a second went through. */
async function serve(tokens: number): Promise<void> {
  const stack = await startCounting(tokens, 8);
  process.on('message', async () => process.send?.((await stack.send('validate_check', EVENTS)).perSecond));
  process.send?.(0);
}

async function measure(): Promise<void> {
  const stacks = SIZES.map((tokens) => ({ tokens, child: fork(import.meta.filename, [`tokens=${tokens}`]) }));
  const rates = SIZES.map((): number[] => []);
  await Promise.all(stacks.map(({ child }) => answerOf(child)));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { child }] of stacks.entries()) {
      child.send('go');
      const perSecond = await answerOf(child);
      if (round > 0) rates[index]?.push(perSecond); // the first round warms up
    }
  }
  for (const { child } of stacks) child.kill();
  const base = median(rates[0] ?? []);
  const results = stacks.map(({ tokens }, index) => {
    const perSecond = median(rates[index] ?? []);
    return { tokens, perSecond: Math.round(perSecond), ratio: rounded(base / perSecond) };
  });
  report({ results, events: EVENTS * ROUNDS });
}

function answerOf(child: ReturnType<typeof fork>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(Number(answer)));
    child.once('exit', () => reject(new Error('a stack has ended')));
  });
}
