/**
 * A whole run of a stack with its data in a folder, as `dev --data` runs it: people and tokens come in, definitions are
 * saved by the command line and over HTTP, events are put, outcomes announced, keys rotated. What all of it wrote, and
 * where, is kept to be searched.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { vi } from 'vitest';
import * as z from 'zod/mini';
import { main } from '../../cli/main.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { recorder } from '../../cli/stack/recording.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import type { Outcome } from '../../lib/event/outcome.ts';
import { CLONE } from '../cli/tokenwright.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');

export interface WholeRun {
  /** Text by where it was written. */
  readonly written: ReadonlyMap<string, string>;
  readonly outcomes: readonly Outcome[];
  /** What HTTP answered but the responses of `pre`, by request. */
  readonly answers: ReadonlyMap<string, unknown>;
}

export interface Stage {
  /** A command of ours in this process, on the stack at rest; its standard input where it asks. */
  command(args: readonly string[], input?: string): Promise<void>;
  /** The same, with a file of that content in the place of `FILE`. */
  withFile(args: readonly string[], content: unknown): Promise<void>;
  http(method: string, path: string, body: unknown): Promise<void>;
  /** As a foreign sender puts it. */
  put(name: string, detail: object): Promise<void>;
}

/** @param folder where the data is kept @param play what happens */
export async function wholeRun(folder: string, play: (stage: Stage) => Promise<void>): Promise<WholeRun> {
  const before = { ...process.env };
  const written = new Map<string, string>();
  const outcomes: Outcome[] = [];
  const answers = new Map<string, unknown>();
  const append = (where: string, text: string): void => void written.set(where, `${written.get(where) ?? ''}${text}\n`);
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => append('logs and metrics', parts.map(String).join(' ')));
  }
  setProcessClock({ now: () => NOW });
  const data = join(folder, 'data');
  const recording = recorder(join(data, 'events.jsonl'));
  const stack = await startStack({
    root: CLONE,
    data,
    concurrency: 1,
    retryDelay: () => 0,
    environment: { POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_METRICS_DISABLED: 'false' },
    onInvocation: (invocation) => recording.onInvocation?.(invocation),
    onEvent: (bus, envelope) => {
      recording.onEvent?.(bus, envelope);
      // What somebody else puts there is theirs to leave out.
      if (envelope.source === FOREIGN) return;
      if (bus !== 'tokenwright-results') return append('the bus', JSON.stringify(envelope));
      const outcome = envelope.detail as unknown as Outcome;
      outcomes.push(outcome);
      append(
        'the results bus but for responses',
        JSON.stringify({ ...envelope, detail: { ...outcome, response: null } }),
      );
    },
    onDeadLetter: (letter) => append('dead letters', JSON.stringify(letter)),
  });
  try {
    await play(stageOn(stack, folder, append, outcomes, answers));
    await stack.idle();
    connectTo(stack.environment);
    for (const [name, table] of Object.entries(tablesOf(stack.environment))) {
      if (/^(tokens|definitions|directory|secretKeys)$/.test(name)) append(`table ${name}`, await scan(table));
    }
    append('table outcomes', await scan(stack.environment.OUTCOMES_TABLE ?? ''));
    for (const { name } of stack.wiring.queues) {
      const queue = stack.queues.find(name);
      if (queue) append('dead letters', JSON.stringify(stack.queues.receive(queue)));
    }
  } finally {
    await stack.stop();
    vi.restoreAllMocks();
    for (const name of Object.keys(stack.environment)) delete process.env[name];
    Object.assign(process.env, before);
  }
  for (const file of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    append(`file ${path.slice(data.length + 1)}`, await readFile(path, 'latin1'));
  }
  return { written, outcomes, answers };
}

const FOREIGN = 'somebody-else';
const Answer = z.looseObject({ outcomes: z.optional(z.array(z.looseObject({ response: z.unknown() }))) });

function stageOn(
  stack: Stack,
  folder: string,
  append: (where: string, text: string) => void,
  outcomes: Outcome[],
  answers: Map<string, unknown>,
): Stage {
  const command = async (args: readonly string[], input = '', file = ''): Promise<void> => {
    await stack.idle();
    connectTo(stack.environment);
    setProcessClock({ now: () => NOW });
    const where = `command ${args.slice(0, 2).join(' ')}`;
    const output: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => output.push(String(text)) > 0),
    );
    const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as typeof process.stdin);
    try {
      const code = await main(args.map((arg) => (arg === 'FILE' ? file : arg)));
      append(where, `exit ${code}`);
    } finally {
      for (const spy of [...spies, stdin]) spy.mockRestore();
    }
    append(where, withoutResponses(output.join('')));
  };
  return {
    command,
    async withFile(args, content) {
      const file = join(folder, 'given.json');
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
      await command(args, '', file);
    },
    async http(method, path, body) {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await stack.http({ method, path, ...text });
      const parsed = JSON.parse(answer.body) as unknown;
      answers.set(`${method} ${path}`, parsed);
      const told = Answer.safeParse(parsed);
      outcomes.push(...((told.data?.outcomes ?? []) as unknown as Outcome[]));
      append('HTTP answers but for responses', withoutResponses(answer.body));
    },
    async put(DetailType, detail) {
      const Detail = JSON.stringify(detail);
      const entry = { EventBusName: 'tokenwright', Source: FOREIGN, DetailType, Time: new Date(NOW), Detail };
      await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [entry] }));
      await stack.idle();
    },
  };
}

/** The one place that may hold a secret is left out: the responses of outcomes, wherever they stand in a JSON text. */
function withoutResponses(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value: unknown) => (name === 'response' ? null : value));
  } catch {
    return text;
  }
}

/** Every attribute of every item as it lies there, binary as latin-1. */
async function scan(TableName: string): Promise<string> {
  const { Items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName }));
  return JSON.stringify(Items, (_, value: unknown) => {
    return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  });
}
