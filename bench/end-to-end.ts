/**
 * Measures the whole way of an event on the local stack: PutEvents, dispatch, step, token, outcome; also the time from
 * event to outcome, and the calls for each event.
 * Baseline: as many `UpdateItem` calls on the same DynamoDB, and nothing else.
 * Read the ratio: both sides take turns in one run. The first round, which loads the definitions, does not count.
 *
 *   node bench/end-to-end.ts [--json] [--quick] [definitions=NUMBER]
 *
 * `definitions=NUMBER` adds this many definitions that do not match the events.
 */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../lib/aws/clients.ts';
import { type CountingStack, startCounting } from './end-to-end/counting-stack.ts';
import { isQuick, report } from './report.ts';
import { median, quantile, rounded } from './turns.ts';

const TOKENS = 100;
const EVENTS = isQuick ? 100 : 400;
const ROUNDS = isQuick ? 2 : 5;
const IN_FLIGHT = 8;

const unmatching = process.argv.find((argument) => argument.startsWith('definitions='))?.slice('definitions='.length);
const stack = await startCounting(TOKENS, IN_FLIGHT, Number(unmatching ?? 0));
const documents = documentClient();

/** Makes only the `UpdateItem` calls. @returns calls per second */
async function bare(): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < EVENTS) {
      const serial = `bare-${next % TOKENS}`;
      next += 1;
      await documents.send(
        new UpdateCommand({
          TableName: stack.tables.tokens,
          Key: { serial },
          UpdateExpression: 'ADD failcount :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (EVENTS / (performance.now() - start)) * 1000;
}

async function callsPerEvent(name: string): Promise<CountingStack['counts']> {
  const before = { ...stack.counts };
  await stack.send(name, EVENTS);
  const calls = Object.entries(stack.counts).map(([call, count]): [string, number] => [
    call,
    count - (before[call] ?? 0),
  ]);
  return Object.fromEntries(calls.filter(([, count]) => count > 0).map(([call, count]) => [call, count / EVENTS]));
}

const { perSecond: firstRound } = await stack.send('validate_check', EVENTS);
await bare();
const rates = { whole: [] as number[], bare: [] as number[] };
for (let round = 0; round < ROUNDS; round += 1) {
  rates.whole.push((await stack.send('validate_check', EVENTS)).perSecond);
  rates.bare.push(await bare());
}
// One at a time, so that no event waits for another.
const alone: number[] = [];
for (let i = 0; i < EVENTS / 2; i += 1) alone.push(...(await stack.send('validate_check', 1)).milliseconds);
const matched = await callsPerEvent('validate_check');
const unmatched = await callsPerEvent('token_list');
await stack.stop();

const [whole, handler] = [median(rates.whole), median(rates.bare)];
report({
  results: [
    { name: 'PutEvents to outcome', perSecond: Math.round(whole), ratio: 1 },
    { name: 'bare UpdateItem', perSecond: Math.round(handler), ratio: rounded(handler / whole) },
  ],
  firstRound: { perSecond: Math.round(firstRound) },
  millisecondsToOutcome: { p50: rounded(quantile(alone, 0.5)), p99: rounded(quantile(alone, 0.99)) },
  callsPerEvent: { matched, unmatched },
});
