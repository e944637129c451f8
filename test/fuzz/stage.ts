/**
 * Runs functions and commands one by one on a local stack that delivers nothing, and checks everything that they call, put
 * and log.
 */
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { expect, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { connectTo, tablesOf } from '../../cli/stack/environment.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { setProcessClock } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isSecretName } from '../../lib/schema/secret-names.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { CLONE } from '../cli/tokenwright.ts';
import { type Entry, record } from '../support/recorder.ts';
import { PART_OF_SECRET } from './good.ts';

export const NOW = Date.parse('2026-03-15T10:20:30Z');

type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface Called {
  readonly result: unknown;
  /** The error that it threw, which must be a refusal with codes. */
  readonly refusal: readonly TokenwrightError[] | null;
  readonly outcomes: readonly AnnouncedOutcome[];
  /** The number of events and messages that it put on buses and queues. */
  readonly put: number;
}

export interface AnnouncedOutcome {
  readonly status: string;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly response: unknown;
}

export interface FuzzStage {
  /** Calls a function, and checks the invariants of every call. @param name its file, such as `http/pre` */
  call(name: string, event: unknown): Promise<Called>;
  /** Runs a command, which must refuse with a code and then have changed nothing. */
  command(...args: readonly string[]): Promise<{ readonly code: number; readonly printed: string }>;
  /** Reads a value, which must be accepted, or refused with codes and without its secrets. */
  read(work: () => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

const CONTEXT = { functionName: 'fuzzed', awsRequestId: 'r1', memoryLimitInMB: '512' } as Context;
/** Set before functions are loaded, so that they log to a console that the test can read. */
const LOUD = { POWERTOOLS_DEV: 'true', POWERTOOLS_LOG_LEVEL: 'DEBUG' };
const WRITES = /^dynamodb:(Put|Update|Delete|Transact|BatchWrite)/;

export async function startStage(scenario: object): Promise<FuzzStage> {
  const before = { ...process.env };
  setProcessClock({ now: () => NOW });
  const stack: Stack = await startStack({ root: CLONE, now: () => NOW, environment: LOUD });
  stack.hold();
  connectTo(stack.environment);
  await seed(await readScenario(scenario, NOW), tablesOf(stack.environment));
  const recorder = await record([stack.endpoints.dynamodb, stack.endpoints.eventbridge]);
  const [dynamodb = '', eventbridge = ''] = recorder.addresses;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb;
  for (const service of ['EVENTBRIDGE', 'SQS', 'KMS']) process.env[`AWS_ENDPOINT_URL_${service}`] = eventbridge;

  const logged: string[] = [];
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void logged.push(parts.map(String).join(' ')));
  }
  const tokensTable = tablesOf(stack.environment).tokens;
  const documents = documentClient();
  const readTokens = async () =>
    JSON.stringify((await documents.send(new ScanCommand({ TableName: tokensTable }))).Items);
  let tokens = await readTokens();
  recorder.take();

  /** Records what is called, put, logged and thrown during some work. */
  const watch = async (work: () => Promise<unknown>) => {
    logged.length = 0;
    const ended = await settle(work());
    const calls = recorder.take();
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(PROTOTYPE);
    const writes = calls.filter(({ action }) => WRITES.test(action)).map(({ resource }) => resource);
    return { ...ended, writes, entries: calls.flatMap(({ entries }) => entries) };
  };

  return {
    async call(name, event) {
      const { handler } = (await import(join(CLONE, 'functions', `${name}.ts`))) as { handler: Handler };
      const { result, refusal, writes, entries } = await watch(() => handler(structuredClone(event), CONTEXT));
      const outcomes = outcomesOf(entries);
      const told = [...outcomes.map((one) => ({ ...one, response: null })), ...logged, refusal?.map(shown)];
      expect(JSON.stringify(told)).not.toMatch(PART_OF_SECRET);
      if (refusal !== null || isProblem(result))
        expect({ put: entries.length, writes }).toEqual({ put: 0, writes: [] });
      if (writes.includes(tokensTable)) {
        const after = await readTokens();
        recorder.take();
        if (outcomes.length > 0 && !outcomes.some(({ status }) => status === 'done')) expect(after).toBe(tokens);
        tokens = after;
      }
      return { result, refusal, outcomes, put: entries.length };
    },

    async command(...args) {
      const output: string[] = [];
      const spies = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, 'write').mockImplementation((text) => output.push(String(text)) > 0),
      );
      try {
        const { result, refusal, writes, entries } = await watch(() => main(args));
        expect(refusal).toBeNull();
        if (result !== 0) expect({ put: entries.length, writes }).toEqual({ put: 0, writes: [] });
        return { code: Number(result), printed: output.join('') };
      } finally {
        for (const spy of spies) spy.mockRestore();
      }
    },

    async read(work) {
      const { refusal } = await watch(work);
      expect(JSON.stringify(refusal?.map(shown) ?? null)).not.toMatch(PART_OF_SECRET);
    },

    async stop() {
      vi.restoreAllMocks();
      await recorder.stop();
      await stack.stop();
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).toSorted();

/** @throws an error that has no code, which is a bug */
async function settle(call: Promise<unknown>): Promise<Pick<Called, 'result' | 'refusal'>> {
  try {
    return { result: await call, refusal: null };
  } catch (error) {
    if (error instanceof Refusal) return { result: undefined, refusal: error.errors };
    if (error instanceof TokenwrightError) return { result: undefined, refusal: [error] };
    throw error;
  }
}

function outcomesOf(entries: readonly Entry[]): AnnouncedOutcome[] {
  const own = entries.filter(({ DetailType }) => /^token\.action\.(done|skipped|failed)$/.test(DetailType));
  return own.map(({ Detail }) => {
    const outcome = JSON.parse(Detail) as AnnouncedOutcome;
    const code = outcome.status === 'done' ? undefined : expect.stringMatching(/^[a-z_]+$/);
    expect(outcome.reason?.code).toEqual(code);
    return outcome;
  });
}

function isProblem(result: unknown): boolean {
  return result !== null && typeof result === 'object' && 'statusCode' in result && Number(result.statusCode) >= 400;
}

function shown({ code, message, details }: TokenwrightError) {
  const isSecret = details.path?.split('.').some(isSecretName);
  return { code, message, path: details.path, ...(isSecret ? {} : { given: details.given }) };
}
