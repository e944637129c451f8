/**
 * Which stack a command works on: the local one that `dev` left a note of, one whose endpoints the
 * environment names, or, with `--stage`, the one deployed on AWS, by the outputs of its stack.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { connectTo, type Tables, tablesOf } from './environment.ts';
import { FOLDER_NOTE, readNote } from './running-note.ts';

/** Under which name a local stack's note has the address of its HTTP API. */
export const HTTP_ADDRESS = 'TOKENWRIGHT_HTTP';

/** What the caller's own environment says of these is about AWS, not about a stack on this machine. */
const OF_THE_STACK = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** Names the stack and puts its endpoints into this process. @throws TokenwrightError `no_stack`, `unknown_stage` */
export async function selectStack(stage: string | undefined): Promise<Tables> {
  if (stage !== undefined) return (await import('./deployed-stack.ts')).deployedTables(stage);
  const environment = await notedEnvironment();
  const named = Object.keys(environment).filter((name) => process.env[name] && !OF_THE_STACK.includes(name));
  connectTo({ ...environment, ...Object.fromEntries(named.map((name) => [name, process.env[name] ?? ''])) });
  return tablesOf(process.env);
}

async function notedEnvironment(): Promise<Record<string, string>> {
  try {
    const { environment } = await readNote(FOLDER_NOTE);
    if (Object.keys(environment).length > 0) return environment;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  if (process.env.TOKENS_TABLE !== undefined) return {};
  throw new TokenwrightError('no_stack', 'no local stack is running here', {
    allowed: 'start one with "npx tokenwright dev", or name a deployed one with --stage',
  });
}
