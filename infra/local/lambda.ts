/**
 * Runs functions in this process: imports the module of the handler once, with the environment of the function, and
 * calls it as Lambda does.
 *
 * All share the environment of the process. With one invocation at a time it is set to that of the function for each,
 * so a variable that serverless.yml lacks is missing here as well. With several at once it is the union of all, which
 * is correct as long as no two functions have different values for one name.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { Invocations } from './invocations.ts';
import type { LambdaFunction } from './wiring.ts';

export interface LambdaRuntime {
  /** Runs one invocation. @throws the error of the function, or the reason why it cannot be loaded */
  invoke(lambda: LambdaFunction, event: unknown): Promise<unknown>;
  /** Restores the environment of the process. */
  stop(): void;
}

/** The modules of handlers, by file: `functions/dispatch.ts`. */
export type HandlerModules = Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>>;

export interface RuntimeOptions {
  readonly root: string;
  /** Absent: each is loaded from its file under `root`. */
  readonly handlers: HandlerModules | undefined;
  readonly functions: readonly LambdaFunction[];
  readonly concurrency: number;
  /** Overrides the environment of every function. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Set if invocations have to be distinguished. */
  readonly invocations: Invocations | undefined;
}

type Handler = (event: unknown, context: object) => unknown;
type Environment = Readonly<Record<string, string | undefined>>;

const EXTENSIONS = ['.ts', '.js', '.mjs', '.cjs'];

export function lambdaRuntime({
  root,
  handlers: modules,
  functions,
  concurrency,
  overrides,
  invocations,
}: RuntimeOptions): LambdaRuntime {
  const own = (lambda: LambdaFunction): Environment => ({ ...lambda.environment, ...overrides, ...identity(lambda) });
  const all: Environment = Object.assign({}, ...functions.map(own), overrides);
  const before: Environment = Object.fromEntries(Object.keys(all).map((name) => [name, process.env[name]]));
  const handlers = new Map<string, Promise<Handler>>();
  const exclusive = lock();
  setEnvironment(before, all);

  const load = (lambda: LambdaFunction): Promise<Handler> => {
    const importIt = () => importHandler(root, lambda, modules);
    // With several at once, others are under way and need their variables.
    const inItsOwn = () => (concurrency > 1 ? importIt() : within(own(lambda), importIt));
    const loaded = handlers.get(lambda.handler) ?? exclusive(inItsOwn);
    handlers.set(lambda.handler, loaded);
    return loaded;
  };
  const within = async <T>(environment: Environment, work: () => Promise<T>): Promise<T> => {
    setEnvironment(before, environment);
    try {
      return await work();
    } finally {
      setEnvironment(before, all);
    }
  };
  const call = async (handler: Handler, lambda: LambdaFunction, event: unknown): Promise<unknown> => {
    const work = () => withTimeout(lambda, async (context) => handler(structuredClone(event), context));
    return invocations ? invocations.run(work) : work();
  };

  return {
    invoke: async (lambda, event) => {
      const handler = await load(lambda);
      if (concurrency > 1) return call(handler, lambda, event);
      return exclusive(() => within(own(lambda), () => call(handler, lambda, event)));
    },
    stop: () => setEnvironment(before, before),
  };
}

function identity({ name, memoryMegabytes }: LambdaFunction): Environment {
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  };
}

/** Sets the variables named in `known` to their values in `wanted`, and deletes those that have none. */
function setEnvironment(known: Environment, wanted: Environment): void {
  for (const name of Object.keys(known)) {
    const value = wanted[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

async function importHandler(
  root: string,
  { handler, key }: LambdaFunction,
  modules: HandlerModules | undefined,
): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const load = modules ? modules[`${file}.ts`] : loaderOf(root, file);
  if (load === undefined) throw noModule(`functions.${key}.handler: there is no ${file}.ts`, handler);
  const module = await load();
  const found = module[name];
  if (!isHandler(found)) throw noModule(`functions.${key}.handler: ${file} exports no function "${name}"`, handler);
  return found;
}

function loaderOf(root: string, file: string): HandlerModules[string] | undefined {
  const path = EXTENSIONS.map((extension) => join(root, `${file}${extension}`)).find((candidate) =>
    existsSync(candidate),
  );
  return path === undefined ? undefined : () => import(pathToFileURL(path).href);
}

function noModule(message: string, handler: string): TokenwrightError {
  return new TokenwrightError('no_module', message, { given: handler });
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

async function withTimeout(lambda: LambdaFunction, work: (context: object) => Promise<unknown>): Promise<unknown> {
  const requestId = randomUUID();
  const deadline = Date.now() + lambda.timeoutSeconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    const message = `${requestId} Task timed out after ${lambda.timeoutSeconds.toFixed(2)} seconds`;
    timer = setTimeout(() => reject(new TokenwrightError('timed_out', message)), lambda.timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([work(contextOf(lambda, requestId, deadline)), timedOut]);
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(lambda: LambdaFunction, awsRequestId: string, deadline: number): object {
  return {
    functionName: lambda.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: lambda.arn,
    memoryLimitInMB: String(lambda.memoryMegabytes),
    awsRequestId,
    logGroupName: `/aws/lambda/${lambda.name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** Runs work one after the other, in the order of the calls. */
function lock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
