/** Starts a local stack with tokens and one definition that counts failed logins; events are sent with PutEvents. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { type Tables, tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { publisher } from '../../lib/event/publish.ts';
import { fillTokens, serialOf } from '../fill-tokens.ts';

export interface CountingStack {
  readonly tables: Tables;
  /** Calls since the start, by operation. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sends a number of events of one name, about one token after the other, and waits until all are finished. */
  send(name: string, events: number): Promise<SentBatch>;
  stop(): Promise<void>;
}

export interface SentBatch {
  readonly perSecond: number;
  /** The time from `PutEvents` to the outcome, of each event that has one. */
  readonly milliseconds: readonly number[];
}

const COUNT = { action: 'change failcounter', options: { 'change fail counter': '1' } };

/** Starts the stack. @param unmatching the number of additional definitions for the event, none of which matches it */
export async function startCounting(tokens: number, concurrency: number, unmatching = 0): Promise<CountingStack> {
  let outcomes: number[] = [];
  const stack = await startStack({
    concurrency,
    environment: { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    onEvent: (_bus, envelope) => {
      if (String(envelope['detail-type']).startsWith('token.action.')) outcomes.push(performance.now());
    },
  });
  Object.assign(process.env, stack.environment);
  const tables = tablesOf(stack.environment);
  const others = Array.from({ length: unmatching }, (_, i) => {
    return {
      id: i + 2,
      name: `other ${i}`,
      event: 'validate_check',
      ...COUNT,
      // Dispatch evaluates this one; a condition on the token's owner would be left to steps.
      conditions: { client_ip: `192.168.${i % 256}.0/24` },
    };
  });
  const definitions = [{ id: 1, name: 'count', event: 'validate_check', ...COUNT }, ...others];
  await seed(await readScenario({ definitions }, Date.now()), tables);
  await fillTokens(tables.tokens, tokens);
  const publish = publisher(new EventBridgeClient({}));
  let sent = 0;
  return {
    tables,
    counts: stack.counts,
    send: async (name, events) => {
      const entries = Array.from({ length: events }, () => {
        sent += 1;
        const Detail = JSON.stringify({ id: `event-${sent}`, serial: serialOf(sent % tokens), client_ip: '10.1.2.3' });
        return { EventBusName: tables.bus, Source: 'bench', DetailType: name, Detail };
      });
      outcomes = [];
      const start = performance.now();
      await publish(entries);
      await stack.idle();
      const perSecond = (events / (performance.now() - start)) * 1000;
      return { perSecond, milliseconds: outcomes.map((at) => at - start) };
    },
    stop: () => stack.stop(),
  };
}
