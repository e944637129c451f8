/**
 * Which stack a command works on: the local one that `dev` left a note of, one whose endpoints the
 * environment names, or, with `--stage`, the one deployed on AWS, by the outputs of its stack.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { TokenwrightError } from '../lib/base/error.ts';
import { parse } from '../lib/schema/validate.ts';
import { connectTo } from './connect.ts';
import { type Tables, tablesOf } from './tables.ts';

const NOTE = join('.tokenwright', 'stack.json');
const ADDRESS = 'AWS_ENDPOINT_URL_EVENTBRIDGE';
/** What the caller's own environment says of these is about AWS, not about a stack on this machine. */
const OF_THE_STACK = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const Environment = z.record(z.string(), z.string());

/** Leaves a note of a running local stack for other commands. */
export async function noteStack(environment: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(NOTE), { recursive: true });
  await writeFile(NOTE, `${JSON.stringify(environment, null, 2)}\n`, { mode: 0o600 });
}

/** Takes the note away, unless another stack has left its own since. */
export async function forgetStack(environment: Readonly<Record<string, string>>): Promise<void> {
  const noted = await readNote().catch(() => undefined);
  if (noted?.[ADDRESS] === environment[ADDRESS]) await rm(NOTE, { force: true });
}

/** Names the stack and puts its endpoints into this process. @throws TokenwrightError `no_stack`, `unknown_stage` */
export async function selectStack(stage: string | undefined): Promise<Tables> {
  if (stage !== undefined) return (await import('./deployed-stack.ts')).deployedTables(stage);
  const environment = await readNote();
  const named = Object.keys(environment).filter((name) => process.env[name] && !OF_THE_STACK.includes(name));
  connectTo({ ...environment, ...Object.fromEntries(named.map((name) => [name, process.env[name] ?? ''])) });
  return tablesOf(process.env);
}

async function readNote(): Promise<Record<string, string>> {
  try {
    return parse(Environment, JSON.parse(await readFile(NOTE, 'utf8')), 'bad_file');
  } catch (error) {
    if (process.env.TOKENS_TABLE !== undefined) return {};
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new TokenwrightError('no_stack', 'no local stack is running here', {
        allowed: 'start one with "npx tokenwright dev", or name a deployed one with --stage',
      });
    }
    throw error;
  }
}
