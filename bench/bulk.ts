/**
 * Measures a bulk run over many tokens: memory over time, and reads and writes for each token.
 * Baseline: one read and one write for each token, and memory that does not grow with their number.
 * DynamoDB runs in a process of its own, so that the memory is that of the functions and the bus. Takes minutes.
 *
 *   node bench/bulk.ts [--json] [--quick] [tokens=NUMBER]
 */
import { fork } from 'node:child_process';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readScenario } from '../cli/scenario/scenario.ts';
import { seed } from '../cli/scenario/seed.ts';
import { tablesOf } from '../cli/stack/environment.ts';
import { dynamodbServer } from '../infra/local/dynamodb.ts';
import { startStack } from '../infra/local/stack.ts';
import type { BulkSummary } from '../lib/event/bulk.ts';
import { publisher } from '../lib/event/publish.ts';
import { fillTokens } from './fill-tokens.ts';
import { isQuick, report } from './report.ts';

const CHILD = 'dynamodb';
const SAMPLE_MS = 5000;

const wanted = process.argv.find((argument) => argument.startsWith('tokens='))?.slice('tokens='.length);

await (process.argv[2] === CHILD ? serve() : measure(Number(wanted ?? (isQuick ? 1_000 : 20_000))));

/** Serves DynamoDB: answers its address, and its counts when asked. */
async function serve(): Promise<void> {
  const counts: Record<string, number> = {};
  const server = dynamodbServer(undefined, (call) => {
    counts[call] = (counts[call] ?? 0) + 1;
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  });
  process.on('message', () => process.send?.({ ...counts }));
}

async function measure(tokens: number): Promise<void> {
  const child = fork(import.meta.filename, [CHILD]);
  const answer = <T>(): Promise<T> => new Promise((resolve) => child.once('message', (given) => resolve(given as T)));
  const counts = async (): Promise<Record<string, number>> => {
    const answered = answer<Record<string, number>>();
    child.send('counts');
    return answered;
  };
  let summary: BulkSummary | undefined;
  let outcomes = 0;
  const stack = await startStack({
    dynamodb: await answer<string>(),
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    onEvent: (_, { 'detail-type': type, detail }) => {
      if (type === 'token.action.bulk') summary = detail as unknown as BulkSummary;
      else if (type.startsWith('token.action.')) outcomes += 1;
    },
  });
  Object.assign(process.env, stack.environment);
  const tables = tablesOf(stack.environment);
  const definitions = [{ id: 1, name: 'tidy', event: 'cleanup', action: 'enable', target: 'disabled', confirm: true }];
  await seed(await readScenario({ definitions }, Date.now()), tables);
  await fillTokens(tables.tokens, tokens, { active: false }); // as many disabled tokens as people leave in a year

  const before = await counts();
  const started = performance.now();
  const samples: { second: number; outcomes: number; heapMegabytes: number; rssMegabytes: number }[] = [];
  const sample = (): void => {
    const { heapUsed, rss } = process.memoryUsage();
    const second = Math.round((performance.now() - started) / 1000);
    samples.push({ second, outcomes, heapMegabytes: Math.round(heapUsed / 1e6), rssMegabytes: Math.round(rss / 1e6) });
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const entry = { EventBusName: tables.bus, Source: 'bench', DetailType: 'cleanup', Detail: '{"id":"bulk"}' };
  await publisher(new EventBridgeClient({}))([entry]);
  await stack.idle();
  sample();
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  const after = await counts();
  const calls = Object.entries(after).map(([call, count]): [string, number] => [call, count - (before[call] ?? 0)]);
  const perToken = Object.fromEntries(calls.map(([call, count]) => [call, Number((count / tokens).toFixed(4))]));
  await stack.stop();
  child.kill();
  report({ results: samples, tokens: summary?.tokens, seconds: Math.round(seconds), perToken });
}
