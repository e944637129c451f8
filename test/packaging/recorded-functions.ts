/**
 * Runs functions from their sources on the local stack and records their calls to AWS, named as in the packaged
 * template.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import * as z from 'zod';
import { readScenario } from '../../cli/scenario/scenario.ts';
import { seed } from '../../cli/scenario/seed.ts';
import { tablesOf } from '../../cli/stack/environment.ts';
import { startStack } from '../../infra/local/stack.ts';
import { documentClient } from '../../lib/aws/clients.ts';
import { type Entry, type RecordedCall, record } from '../support/recorder.ts';
import { lambdasOf } from './packaged-lambda.ts';
import type { Call } from './policy-evaluation.ts';
import type { Template } from './template.ts';

/** What a call of the HTTP API must be answered with; a function without answer counts as status 200. */
export interface ExpectedAnswer {
  readonly status: number;
  /** `result.value`, where it tells whether the function did its work. */
  readonly value?: unknown;
}

export interface RecordedFunctions {
  /**
   * Invokes a function as Lambda does.
   *
   * @param name as in the template, without service and stage
   * @returns the steps that it has put on the bus
   * @throws Error where the answer is not the expected one: its calls would not be those of the work that was meant
   */
  invoke(name: string, input: unknown, expected?: ExpectedAnswer): Promise<Entry[]>;
  /** Loads the functions anew, as in a process that has nothing in its memory. */
  startProcess(): Promise<void>;
  /** The same, after the data key was deleted: the next function that seals a secret has to make one. */
  startWithoutDataKey(): Promise<void>;
  /** What all functions have put on a bus so far. */
  entriesOf(detailType: string): Entry[];
  /** What a function has called so far. */
  callsOf(name: string): Call[];
  stop(): Promise<void>;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

const Answer = z.object({ statusCode: z.number(), body: z.string() });
const ApiBody = z.looseObject({ result: z.looseObject({ value: z.unknown() }) });

/** @param now of every function, in milliseconds since 1970 */
export async function recordFunctions(template: Template, scenario: object, now: number): Promise<RecordedFunctions> {
  const lambdas = lambdasOf(template);
  const stack = await startStack();
  const release = stack.hold();
  const startProcess = async (): Promise<void> => {
    vi.resetModules();
    const { setProcessClock } = await import('../../lib/base/clock.ts');
    setProcessClock({ now: () => now });
  };
  await startProcess();
  await seed(await readScenario(scenario, now), tablesOf(stack.environment));
  const recorder = await record([stack.endpoints.dynamodb, stack.endpoints.eventbridge]);
  Object.assign(process.env, variablesFor(recorder.addresses, stack.environment));
  const logicalIds = logicalIdsOf(template, stack.environment);
  const recorded = new Map<string, RecordedCall[]>();
  return {
    async invoke(name, input, expected = { status: 200 }) {
      const handler = lambdas.get(`tokenwright-dev-${name}`)?.handler.replace(/\.handler$/, '');
      const path = resolve(import.meta.dirname, '../..', `${handler}.ts`);
      const module: { handler: Handler } = await import(pathToFileURL(path).href);
      const answer = await module.handler(input, { functionName: name, getRemainingTimeInMillis: () => 20_000 });
      requireExpected(name, answer, expected);
      const calls = recorder.take();
      recorded.set(name, [...(recorded.get(name) ?? []), ...calls]);
      return calls.flatMap(({ entries }) =>
        entries.filter(({ DetailType }) => ['token.action', 'token.bulk'].includes(DetailType)),
      );
    },
    startProcess,
    async startWithoutDataKey() {
      const TableName = stack.environment.SECRET_KEYS_TABLE;
      await documentClient().send(new DeleteCommand({ TableName, Key: { ring: 'data', version: 1 } }));
      recorder.take();
      await startProcess();
    },
    entriesOf: (detailType) =>
      [...recorded.values()].flat().flatMap(({ entries }) => entries.filter((one) => one.DetailType === detailType)),
    callsOf: (name) =>
      (recorded.get(name) ?? []).map(({ action, resource, context }) => {
        if (resource.startsWith('arn:')) return { action, resource, context };
        const [head = '', ...index] = resource.split('/');
        return { action, resource: [`${logicalIds.get(head) ?? head}.Arn`, ...index].join('/'), context };
      }),
    async stop() {
      release();
      await recorder.stop();
      await stack.stop();
    },
  };
}

export function requireExpected(name: string, answer: unknown, { status, value }: ExpectedAnswer): void {
  const given = Answer.safeParse(answer).data ?? { statusCode: 200, body: '' };
  const isExpected =
    given.statusCode === status &&
    (value === undefined || ApiBody.parse(JSON.parse(given.body)).result['value'] === value);
  if (isExpected) return;
  throw new Error(`${name} should answer ${JSON.stringify({ status, value })}, not ${JSON.stringify(answer)}`);
}

function variablesFor([database = '', services = '']: readonly string[], environment: Record<string, string>): object {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: database,
    AWS_ENDPOINT_URL_EVENTBRIDGE: services,
    AWS_ENDPOINT_URL_SQS: services,
    AWS_ENDPOINT_URL_KMS: services,
    AWS_ENDPOINT_URL_SESV2: services,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: services,
    MAIL_FROM: 'otp@example.com',
    SMS_ORIGINATION: 'pool-1',
    // The SDK sends to the queue's own address, wherever its endpoint is.
    DEAD_LETTER_QUEUE_URL: `${services}${new URL(environment.DEAD_LETTER_QUEUE_URL ?? '').pathname}`,
  };
}

/** The name of a table, bus, queue or key -> its logical id: the functions' environment variables have both. */
function logicalIdsOf(template: Template, environment: Record<string, string>): ReadonlyMap<string, string> {
  const variables = Object.assign({}, ...[...lambdasOf(template).values()].map((lambda) => lambda.environment));
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      template.Resources[variables[name]] ? [[value.split('/').at(-1) ?? '', String(variables[name])]] : [],
    ),
  );
}
