/** A local stack that stays up until it is told to stop. */
import { FAULTS_HELP, parseFaults } from '../infra/local/faults/specification.ts';
import { type Stack, type StackOptions, startStack } from '../infra/local/stack.ts';
import { CLONE } from './clone.ts';
import { type Arguments, textOption, UsageError, wholeNumber } from './command.ts';
import { connectTo } from './connect.ts';
import { handlers } from './handlers.ts';
import { forgetStack, noteStack } from './target.ts';

/** The options that `dev` and `start` share. */
export const STACK_OPTIONS = {
  data: { type: 'string' },
  dynamodb: { type: 'string' },
  port: { type: 'string' },
  faults: { type: 'string' },
} as const;

export const STACK_HELP = `
  --data DIR        keep the data in this folder (else in memory)
  --dynamodb URL    another DynamoDB, such as the official DynamoDB Local
  --port N          the first of three ports in a row; 0, the default: any free ones
  --faults SPEC     inject faults; what fails is tried again after a moment instead of minutes
${FAULTS_HELP}`;

export interface RunningStack {
  readonly stack: Stack;
  /** Aborts when the stack is told to stop; it listens before anyone is told that the stack is ready. */
  readonly signal: AbortSignal;
}

/** Starts a stack and leaves a note of it for the other commands. */
export async function startRunningStack(
  { values }: Arguments,
  hooks: Partial<StackOptions> = {},
): Promise<RunningStack> {
  const port = wholeNumber(values.port, 'port', 0, 65_535 - 2);
  const data = textOption(values.data);
  const dynamodb = textOption(values.dynamodb);
  const faults = textOption(values.faults);
  if (dynamodb !== undefined && !/^https?:/.test(URL.parse(dynamodb)?.protocol ?? '')) {
    throw new UsageError(`--dynamodb takes a URL such as http://127.0.0.1:8000, not "${dynamodb}"`);
  }
  const stack = await startStack({
    ...hooks,
    root: CLONE,
    handlers,
    ...(port === undefined ? {} : { port }),
    ...(data === undefined ? {} : { data }),
    ...(dynamodb === undefined ? {} : { dynamodb }),
    ...(faults === undefined ? {} : { faults: parseFaults(faults), retryDelay: () => 200 }),
    environment: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      VALIDATE_ACCESS: 'open',
      ...hooks.environment,
    },
  });
  connectTo(stack.environment);
  const signal = stopSignal();
  await noteStack(stack.environment);
  return { stack, signal };
}

/** `name: url`, a line each. */
export function printAddresses({ endpoints }: Stack): void {
  for (const [name, url] of Object.entries(endpoints)) process.stdout.write(`${name}: ${url}\n`);
}

/** Waits until the stack is told to stop, then stops cleanly. */
export async function untilStopped({ stack, signal }: RunningStack): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await stack.stop();
  await forgetStack(stack.environment);
}

/** One press of Ctrl-C may come twice: a terminal tells every process, and npm, npx and our own hand-over pass it on. */
const SAME_PRESS_MS = 1000;

/** Aborts at Ctrl-C, or where the process is told to end; asked again a while later, the process ends at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let told = Number.POSITIVE_INFINITY;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (performance.now() - told > SAME_PRESS_MS) process.exit(1);
      told = Math.min(told, performance.now());
      controller.abort();
    });
  }
  return controller.signal;
}
