/**
 * A local stack writes a note into the folder where it was started, so that other commands find it, and into its data folder.
 * Either note refuses a second stack. A note whose process no longer runs, for example was killed, is ignored.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { isoTime, processClock } from '../../lib/base/clock.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { parse } from '../../lib/schema/validate.ts';

/** The note in the folder where the stack was started. */
export const FOLDER_NOTE = join('.tokenwright', 'stack.json');

const StackNote = z.strictObject({
  pid: z.int(),
  since: z.string(),
  /** The folder of its data; absent if the data is in memory. */
  data: z.optional(z.string()),
  /** Environment variables for clients; empty while the stack starts. */
  environment: z.record(z.string(), z.string()),
});
type StackNote = z.output<typeof StackNote>;

/** The notes of one stack. */
export interface RunningNote {
  /** Writes the environment variables for clients. */
  ready(environment: Readonly<Record<string, string>>): Promise<void>;
  release(): Promise<void>;
}

/** Writes the notes. @throws TokenwrightError `stack_running`, naming the process that has the folder or the data */
export async function claim(data: string | undefined): Promise<RunningNote> {
  const files = [FOLDER_NOTE, ...(data === undefined ? [] : [join(data, 'process.json')])];
  const kept = data === undefined ? {} : { data: resolve(data) };
  const own: StackNote = { pid: process.pid, since: isoTime(processClock().now()), ...kept, environment: {} };
  const taken: string[] = [];
  const release = async () => void (await Promise.all(taken.map((file) => rm(file, { force: true }))));
  try {
    for (const file of files) {
      await takeNote(file, own, file === FOLDER_NOTE ? 'in this folder' : `with the data of ${data}`);
      taken.push(file);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    ready: async (environment) => {
      await Promise.all(files.map((file) => write(file, { ...own, environment }, 'w')));
    },
    release,
  };
}

/** @throws Error ENOENT; Refusal `bad_file` */
export async function readNote(file: string): Promise<StackNote> {
  return parse(StackNote, JSON.parse(await readFile(file, 'utf8')), 'bad_file');
}

async function takeNote(file: string, own: StackNote, where: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const other = await readNote(file).catch(() => undefined);
  if (other && (await isRunning(other))) throw running(other, where);
  await rm(file, { force: true });
  // With "wx" only one of two stacks that start at the same moment succeeds.
  await write(file, own, 'wx').catch(async (error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? running(await readNote(file), where) : error;
  });
}

function write(file: string, note: StackNote, flag: 'w' | 'wx'): Promise<void> {
  return writeFile(file, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600, flag });
}

function running({ pid, since, environment }: StackNote, where: string): TokenwrightError {
  const address = environment.AWS_ENDPOINT_URL_EVENTBRIDGE ?? 'starting';
  const message = `a local stack runs ${where} already: process ${pid}, since ${since} (${address})`;
  return new TokenwrightError('stack_running', message, {
    given: pid,
    allowed: 'use that stack, or stop it first, or use another folder',
  });
}

async function isRunning({ pid, environment }: StackNote): Promise<boolean> {
  if (pid === process.pid || !isAlive(pid)) return false;
  const address = environment.AWS_ENDPOINT_URL_EVENTBRIDGE;
  // The process id may belong to another process by now, which does not answer on this port.
  return address === undefined || answers(address);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function answers(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 1000 });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
