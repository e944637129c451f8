/** Starts a stack with disabled tokens and one definition on all of them, whose walk can be stopped between two turns. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import { OutcomeLog } from '../../cli/scenario/play.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import type { Invocation } from '../../infra/local/delivery.ts';
import { type StackOptions, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { processClock, setProcessClock } from '../../lib/base/clock.ts';
import { publisher } from '../../lib/event/publish.ts';
import { tokenStore } from '../../lib/token/store.ts';

/** Counts on the token how often it was done. */
export const COUNTING = {
  id: 1,
  event: 'cleanup',
  action: 'increase tokeninfo',
  options: { key: 'seen', increment: '1' },
  target: 'disabled',
  confirm: true,
};

export const serialsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `T${String(i).padStart(4, '0')}`);

export interface WalkOptions {
  /** How many, or their serials. */
  readonly tokens: number | readonly string[];
  readonly pageSize?: number;
  readonly lanes?: number;
  /** What is otherwise in the counting definition. */
  readonly definition?: object;
  /** Further definitions. */
  readonly more?: readonly object[];
  readonly stack?: Partial<StackOptions>;
}

export async function walkStack({
  tokens: count,
  pageSize = 5,
  lanes = 3,
  definition,
  more = [],
  ...options
}: WalkOptions) {
  const serials = typeof count === 'number' ? serialsOf(count) : count;
  const log = new OutcomeLog();
  const listed: string[] = [];
  let results = '';
  let ended: (invocation: Invocation) => void = () => undefined;
  const { onInvocation } = options.stack ?? {};
  const stack = await startStack({
    concurrency: 1,
    retryDelay: () => 0,
    environment: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      BULK_PAGE_SIZE: String(pageSize),
      BULK_LANES: String(lanes),
    },
    ...options.stack,
    onEvent: (bus, envelope) => {
      if (bus === results) log.addEvent(envelope);
      const { serials: page } = envelope.detail;
      if (Array.isArray(page)) listed.push(...page.map(String));
    },
    onInvocation: (invocation) => {
      onInvocation?.(invocation);
      ended(invocation);
    },
  });
  const clock = processClock();
  onTestFinished(async () => {
    setProcessClock(clock);
    await stack.stop();
  });
  connectTo(stack.environment);
  const tables = tablesOf(stack.environment);
  results = tables.results;
  const store = tokenStore(documentClient(), tables.tokens);
  const tokens = serials.map((serial) => ({ serial, tokentype: 'hotp', active: false }));
  await seed(
    await readScenario({ tokens, definitions: [{ ...COUNTING, ...definition }, ...more] }, Date.now()),
    tables,
  );

  const publish = publisher(new EventBridgeClient({}));
  const putAll = (type: string, details: readonly object[]) =>
    publish(
      details.map((detail) => ({
        EventBusName: tables.bus,
        Source: 'test',
        DetailType: type,
        Detail: JSON.stringify(detail),
      })),
    );

  return {
    stack,
    log,
    tables,
    store,
    serials,
    /** The serials of the pages that have been handed out. */
    listed,
    /** Puts an event for each id. */
    put: (...ids: readonly string[]) =>
      putAll(
        COUNTING.event,
        ids.map((id) => ({ id })),
      ),
    /** Puts an event about each token. */
    putEvents: (type: string, about: readonly string[]) =>
      putAll(
        type,
        about.map((serial) => ({ id: `${type} ${serial}`, serial })),
      ),
    /** Resolves when so many pages have come back; nothing goes on until what it returns is called. */
    pausedAfter: (pages: number) =>
      new Promise<() => void>((resolve) => {
        let seen = 0;
        ended = ({ functionName, error }) => {
          if (error !== undefined || !functionName.endsWith(STEPS)) return;
          seen += 1;
          if (seen === pages) resolve(stack.hold());
        };
      }),
    /** How many tokens were done how often. */
    async seen(): Promise<Record<string, number>> {
      const records = await Promise.all(serials.map((serial) => store.read(serial)));
      const times: Record<string, number> = {};
      for (const record of records) {
        const seen = record?.token.info.seen ?? 'never';
        times[seen] = (times[seen] ?? 0) + 1;
      }
      return times;
    },
    /** Puts the clock of the functions so many milliseconds on. */
    later(milliseconds: number): void {
      const before = processClock();
      setProcessClock({ now: () => before.now() + milliseconds });
    },
  };
}

/** The function that does the steps of the counting definition. */
export const STEPS = 'increase-tokeninfo';
