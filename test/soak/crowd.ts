/**
 * test/soak proves the same as test/model over hours, and that each mutation of the code is found: `npm run soak`.
 *
 * Many events at once on few tokens, through the whole stack: `node test/soak/crowd.ts`. The sums have to be exact; what
 * it took is printed.
 */
import { join } from 'node:path';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { drainDeadLetters } from '../../cli/scenario/drain.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { publisher } from '../../lib/event/publish.ts';
import { tokenStore } from '../../lib/token/store.ts';

const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/** @param atOnce how many functions run at once, as Lambda's concurrency would have it */
async function crowd(events: number, tokens: number, atOnce: number): Promise<void> {
  let failures = 0;
  const stack = await startStack({
    root: join(import.meta.dirname, '..', '..'),
    environment: QUIET,
    concurrency: atOnce,
    retryDelay: () => 100,
    onInvocation: ({ error }) => {
      if (error !== undefined) failures += 1;
    },
  });
  try {
    connectTo(stack.environment);
    const tables = tablesOf(stack.environment);
    const serials = Array.from({ length: tokens }, (_, i) => `T${i}`);
    const definition = { id: 1, name: 'count', event: 'auth', action: 'increase tokeninfo', options: { key: 'seen' } };
    const file = { tokens: serials.map((serial) => ({ serial, tokentype: 'hotp' })), definitions: [definition] };
    await seed(await readScenario(file, 0), tables);
    const release = stack.hold();
    const entries = Array.from({ length: events }, (_, i) => {
      const Detail = JSON.stringify({ id: `e${i}`, serial: serials[i % tokens] });
      return { EventBusName: tables.bus, Source: 'crowd', DetailType: 'auth', Detail };
    });
    await publisher(new EventBridgeClient({}))(entries);
    const before = { ...stack.counts };
    release();
    const letters = await drainDeadLetters(stack, tables);
    const store = tokenStore(documentClient(), tables.tokens);
    let sum = 0;
    for (const serial of serials) sum += Number((await store.read(serial))?.token.info.seen ?? 0);
    const writes = (stack.counts['dynamodb:UpdateItem'] ?? 0) - (before['dynamodb:UpdateItem'] ?? 0);
    process.stdout.write(
      `${events} events on ${tokens} tokens, ${atOnce} at once: ${sum} counted; ${writes} writes tried, ` +
        `${failures} invocations failed and were repeated, ${letters} dead letters put back\n`,
    );
    if (sum !== events) process.exitCode = 1;
  } finally {
    await stack.stop();
  }
}

await crowd(200, 1, 64);
await crowd(64, 1, 64);
await crowd(1000, 100, 64);
