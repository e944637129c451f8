/** The real binary, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export const CLONE = join(import.meta.dirname, '..', '..');
export const BINARY = join(CLONE, 'bin', 'tokenwright.js');

export interface Called {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder, gone after the test: commands find the stack that was started in the same folder. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenwright-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function start(folder: string, args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  return spawn(process.execPath, [BINARY, ...args], { cwd: folder, env: { ...inherited, ...environment } });
}

/** Calls a command and waits for its end. */
export async function call(
  folder: string,
  args: readonly string[],
  { input = '', environment = {} }: { readonly input?: string; readonly environment?: Record<string, string> } = {},
): Promise<Called> {
  const child = start(folder, args, environment);
  child.stdin?.end(input);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')),
  );
  const [code] = (await ended) as [number | null];
  return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
}

export interface RunningCommand {
  /** What it has printed so far. */
  printed(): { readonly stdout: string; readonly stderr: string };
  /** Waits until it has printed such a text, or has ended. */
  says(text: string): Promise<void>;
  /** SIGINT comes twice, as one Ctrl-C does in a terminal. @returns the exit code, or the signal's name */
  interrupt(): Promise<number | string>;
}

/** Starts a command that goes on for a while. */
export function startCommand(folder: string, args: readonly string[]): RunningCommand {
  const child = start(folder, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
      child.emit('printed');
    });
  }
  child.once('close', () => child.emit('printed'));
  return {
    printed: () => texts,
    async says(text) {
      while (!`${texts.stdout}${texts.stderr}`.includes(text) && child.exitCode === null) await once(child, 'printed');
    },
    async interrupt() {
      child.kill('SIGINT');
      child.kill('SIGINT');
      const [code, killedBy] = (await ended) as [number | null, string | null];
      return code ?? killedBy ?? '';
    },
  };
}

export interface RunningDev {
  /** What it printed, up to `ready`. */
  readonly lines: readonly string[];
  readonly dynamodb: string;
  readonly eventbridge: string;
  readonly http: string;
  /** SIGINT comes twice, as one Ctrl-C does in a terminal. @returns the exit code, or the signal's name */
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<number | string>;
}

/** Starts `dev` and waits for its `ready`. */
export async function startDev(folder: string, ...args: string[]): Promise<RunningDev> {
  const child = start(folder, ['dev', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const lines: string[] = [];
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === 'ready') break;
    }
  }
  const address = (name: string): string => lines.find((line) => line.startsWith(`${name}: `))?.split(' ')[1] ?? '';
  return {
    lines,
    dynamodb: address('dynamodb'),
    eventbridge: address('eventbridge'),
    http: address('http'),
    async stop(signal) {
      child.kill(signal);
      if (signal === 'SIGINT') child.kill(signal);
      const [code, killedBy] = (await ended) as [number | null, string | null];
      return code ?? killedBy ?? '';
    },
  };
}
