/**
 * The local stack: the deployed wiring on one machine. Tables, buses, queues and keys are HTTP endpoints for any AWS
 * SDK; functions run in this process. Nothing in `functions/` or `lib/` knows of it.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processClock } from '../../lib/base/clock.ts';
import { type HttpAnswer, type HttpApi, type HttpRequest, httpApi } from './api/http-api.ts';
import { openOutbox, type SentMessage } from './api/messages.ts';
import type { Service } from './api/server.ts';
import { servicesOf } from './api/services.ts';
import { startBus } from './bus.ts';
import { readConfiguration } from './configuration.ts';
import type { Observer } from './delivery.ts';
import { connectionsOf, type Endpoints, startEndpoints } from './endpoints.ts';
import type { FaultPlan } from './faults/specification.ts';
import type { JournalFile } from './journal.ts';
import { keysFrom, secretOf } from './keys.ts';
import { type HandlerModules, lambdaRuntime } from './lambda.ts';
import { openQueues, type Queues } from './queues.ts';
import { createTables } from './tables.ts';
import { type Wiring, wiringOf } from './wiring.ts';

export interface StackOptions extends Observer {
  /** The folder of serverless.yml; default: the working directory. */
  readonly root?: string;
  /** The modules of the functions; default: each is loaded from its file under `root`. */
  readonly handlers?: HandlerModules | undefined;
  /** The stage, `${sls:stage}`; default: `local`. */
  readonly stage?: string;
  /** The folder of tables, keys, pending deliveries and dead letters; default: all are kept in memory. */
  readonly data?: string;
  /** The URL of another DynamoDB; missing tables are created there. */
  readonly dynamodb?: string;
  /** The first of three ports in a row (dynamodb, eventbridge, http); 0, the default: any free ones. */
  readonly port?: number;
  /** Overrides the environment of every function: `{ TIMEZONE: 'Europe/Berlin' }`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Delivers every event `copies` times, in an order that `seed` determines. */
  readonly delivery?: { readonly copies: number; readonly seed: number };
  /** The maximum number of functions running at once; default 8. With 1, each has exactly its own environment. */
  readonly concurrency?: number;
  /** The pause after a failed attempt, in milliseconds; default: one minute, then two, as in Lambda. */
  readonly retryDelay?: (attempt: number) => number;
  /**
   * The 32 bytes that keys are derived from; default: those of the data folder; in memory fixed ones; else new ones.
   */
  readonly derivationKey?: Buffer;
  /** The clock of the buses, in milliseconds since 1970; default: the process's. */
  readonly now?: () => number;
  /** The arrival of an event with that `Time`; default: when it is put, whatever its `Time`. */
  readonly arrival?: (time: number) => number;
  /** May throw as if that function could not be reached, to test the retries of rules. */
  readonly handOver?: (functionName: string, event: unknown) => void;
  /** Faults of the calls of functions and the deliveries of buses, see `faults/specification.ts`. */
  readonly faults?: FaultPlan;
}

export interface Stack {
  readonly endpoints: Endpoints;
  /** The environment of clients: endpoints, region, credentials, names of tables and buses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly wiring: Wiring;
  readonly queues: Queues;
  /** Calls since the start, by operation: `dynamodb:GetItem`. Those of another DynamoDB are not counted. */
  readonly counts: Readonly<Record<string, number>>;
  /** The faults injected so far, by kind; `end` stops injecting them. */
  readonly faults: { readonly counts: Readonly<Record<string, number>>; end(): void };
  /** Resolves when no delivery is pending, under way, or waiting for its next attempt. */
  idle(): Promise<void>;
  /**
   * Delivers nothing until the returned function is called. Events that are put meanwhile are pending together, so that
   * `delivery` shuffles all of them, in the same way each time.
   */
  hold(): () => void;
  /** The e-mails and text messages that were sent. */
  readonly sent: readonly SentMessage[];
  /** A request to the HTTP API, without a network. */
  http(request: HttpRequest): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

/** Used only for tables in memory, so that a run prints the same each time. Stored data is never encrypted under it. */
const FIXED_KEY = Buffer.alloc(32, 'tokenwright');
const keyInMemory = ({ dynamodb }: StackOptions): Buffer => (dynamodb === undefined ? FIXED_KEY : randomBytes(32));
const MINUTE = 60_000;

/**
 * Starts the stack.
 *
 * @throws TokenwrightError `bad_wiring`, `bad_pattern`, `port_in_use`
 * @example
 * const stack = await startStack({ concurrency: 1, retryDelay: () => 0 });
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { root = process.cwd(), stage = 'local', port = 0, concurrency = 8 } = options;
  const now = options.now ?? (() => processClock().now());
  const data = options.data === undefined ? undefined : resolve(options.data);
  if (data !== undefined) mkdirSync(data, { recursive: true });
  const secret = options.derivationKey ?? (data === undefined ? keyInMemory(options) : secretOf(data));
  const journal = (name: string): JournalFile | undefined =>
    data === undefined ? undefined : { path: join(data, name), secret };
  const counts: Record<string, number> = {};
  const count = (call: string): void => {
    counts[call] = (counts[call] ?? 0) + 1;
  };

  const configuration = await readConfiguration(resolve(root), stage);
  let services: readonly Service[] = [];
  let api: HttpApi = () => Promise.resolve({ statusCode: 503, headers: {}, body: '' }); // while starting
  const running = await startEndpoints({
    dynamodb: options.dynamodb,
    folder: data && join(data, 'dynamodb'),
    port,
    faults: options.faults,
    count,
    services: () => services,
    api: () => api,
  });
  const { endpoints, faulty } = running;

  try {
    const wiring = wiringOf(configuration, stage, endpoints.eventbridge);
    const connections = connectionsOf(endpoints, wiring.region);
    const created = createTables(
      endpoints.dynamodb,
      wiring.region,
      wiring.tables.map(({ create }) => create),
    );
    const overrides = { ...connections, ...options.environment };
    const runtime = lambdaRuntime({
      root: resolve(root),
      handlers: options.handlers,
      functions: wiring.functions,
      concurrency,
      overrides,
      invocations: faulty?.invocations,
    });
    const queues = openQueues(wiring.queues, journal('queues.jsonl'));
    const keys = keysFrom(secret, wiring.keys);
    await created;
    const bus = startBus({
      ...options,
      wiring,
      runtime,
      queues,
      file: journal('deliveries.jsonl'),
      concurrency,
      delivery: options.delivery,
      retryDelay: options.retryDelay ?? ((attempt) => (attempt === 1 ? MINUTE : 2 * MINUTE)),
      handOver: options.handOver,
      faults: faulty?.faults,
    });
    const outbox = openOutbox();
    services = servicesOf({ bus, queues, keys, outbox, region: wiring.region, now, arrival: options.arrival });
    api = httpApi(wiring, runtime, now, ({ name }, event, ended) => {
      options.onInvocation?.({ functionName: name, event, attempt: 1, ...ended });
    });
    return {
      endpoints,
      environment: {
        ...Object.assign({}, ...wiring.functions.map((lambda) => lambda.environment)),
        DEAD_LETTER_QUEUE_URLS: wiring.queues.map(({ url }) => url).join(' '),
        ...overrides,
      },
      wiring,
      queues,
      counts,
      faults: faulty?.faults ?? { counts: {}, end: () => undefined },
      idle: async () => {
        do await bus.idle();
        while (await faulty?.settle());
      },
      hold: () => bus.hold(),
      sent: outbox.sent,
      http: (request) => api(request),
      stop: once(async () => {
        await bus.stop();
        await running.stop();
        queues.close();
        runtime.stop();
      }),
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Calls `stop` only once. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}
