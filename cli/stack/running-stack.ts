/** Runs a local stack until it is told to stop. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type FaultPlan, parseFaults } from '../../infra/local/faults/specification.ts';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { stopSignal, UsageError, wholeNumber } from '../command.ts';
import { CLONE } from './clone.ts';
import { connectTo } from './environment.ts';
import { handlers } from './handlers.ts';
import { claim, type RunningNote } from './running-note.ts';
import { serveTail, type Tail } from './tail.ts';
import { HTTP_ADDRESS } from './target.ts';

export const dataOption = new Option('--data <folder>', 'store the data in this folder; default: in memory');
export const dynamodbOption = new Option(
  '--dynamodb <url>',
  'use another DynamoDB, such as the official DynamoDB Local; needs --data, where the keys are stored',
).argParser(readUrl);
export const portOption = new Option(
  '--port <n>',
  'the first of three ports in a row; 0, the default: any free ones',
).argParser(wholeNumber(0, 65_535 - 2));
export const faultsOption = new Option(
  '--faults <spec>',
  'inject faults; failed deliveries are retried after 0.2 seconds instead of minutes',
).argParser(parseFaults);

function readUrl(given: string): string {
  if (/^https?:/.test(URL.parse(given)?.protocol ?? '')) return given;
  throw new InvalidArgumentError('It takes a URL such as http://127.0.0.1:8000.');
}

/** The options of `dev` and `start`. */
export interface StackSettings {
  readonly data?: string | undefined;
  readonly dynamodb?: string | undefined;
  readonly port?: number | undefined;
  readonly faults?: FaultPlan | undefined;
}

export interface RunningStack {
  readonly stack: Stack;
  /** Aborts when the stack is told to stop; also before it is ready. */
  readonly signal: AbortSignal;
  readonly claimed: RunningNote;
  readonly tail: Tail;
}

/** Starts a stack and leaves a note of it for the other commands. @throws TokenwrightError `stack_running` */
export async function startRunningStack(
  { data, dynamodb, port, faults }: StackSettings,
  hooks: Partial<StackOptions> = {},
): Promise<RunningStack> {
  if (dynamodb !== undefined && data === undefined) {
    throw new UsageError('--dynamodb needs --data FOLDER, where the keys of the secrets are stored');
  }
  const claimed = await claim(data);
  if (data === undefined) {
    process.stderr.write('note: data is only in memory, and lost when this stops; --data FOLDER stores it\n');
  }
  const tail = serveTail();
  const stack = await startStack({
    ...hooks,
    onEvent: (bus, envelope) => {
      hooks.onEvent?.(bus, envelope);
      tail.tell(envelope);
    },
    root: CLONE,
    handlers,
    ...(port === undefined ? {} : { port }),
    ...(data === undefined ? {} : { data }),
    ...(dynamodb === undefined ? {} : { dynamodb }),
    ...(faults === undefined ? {} : { faults, retryDelay: () => 200 }),
    environment: {
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      VALIDATE_ACCESS: 'open',
      MAIL_FROM: 'tokenwright@localhost',
      ...hooks.environment,
    },
  }).catch(async (error: unknown) => {
    tail.close();
    await claimed.release();
    throw error;
  });
  connectTo(stack.environment);
  const signal = stopSignal();
  await claimed.ready({ ...stack.environment, [HTTP_ADDRESS]: stack.endpoints.http });
  return { stack, signal, claimed, tail };
}

/** Prints the endpoints as `name: url`, one per line. */
export function printAddresses({ endpoints }: Stack): void {
  for (const [name, url] of Object.entries(endpoints)) process.stdout.write(`${name}: ${url}\n`);
}

/** Waits until the stack is told to stop, then stops cleanly. */
export async function untilStopped({ stack, signal, claimed, tail }: RunningStack): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await stack.stop();
  tail.close();
  await claimed.release();
}
