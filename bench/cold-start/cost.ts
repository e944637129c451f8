/** Starts instances of functions, and measures what a cold start costs. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTANCE = join(import.meta.dirname, 'instance.cjs');

/** Milliseconds of CPU. */
export interface Cost {
  readonly load: number;
  readonly serve: number;
}

/**
 * Starts a process that loads `module` and serves `event`. It gets only `environment`, because a function does not have the
 * certificates and options of this machine.
 */
export async function coldStart(module: string, event: string, environment: Environment): Promise<Cost> {
  const stdout = await run(process.execPath, [INSTANCE, module], event, environment);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** Counts the instructions, in millions, of a process that loads `module` and ends. Other load does not change them. */
export async function instructionsOf(module: string, environment: Environment): Promise<number> {
  const callgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--log-fd=1'];
  const stdout = await run('valgrind', [...callgrind, process.execPath, INSTANCE, module], '', {
    ...environment,
    PATH: process.env.PATH,
  });
  const collected = /Collected : (\d+)/.exec(stdout)?.[1];
  if (collected === undefined) throw new Error(`valgrind counted nothing: ${stdout}`);
  return Number(collected) / 1e6;
}

type Environment = Readonly<Record<string, string | undefined>>;

async function run(command: string, given: readonly string[], input: string, env: Environment): Promise<string> {
  const running = promisify(execFile)(command, given, { env: { ...env } });
  running.child.stdin?.end(input);
  return (await running).stdout;
}
