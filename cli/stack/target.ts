/**
 * Selects the stack that a command works on: the local one of this folder, one whose endpoints are in the environment, or,
 * with `--stage`, one deployed on AWS.
 */
import { TokenwrightError } from '../../lib/base/error.ts';
import { connectTo, type Tables, tablesOf } from './environment.ts';
import { FOLDER_NOTE, readNote } from './running-note.ts';

/** The name of the HTTP API's address in a local stack's note. */
export const HTTP_ADDRESS = 'TOKENWRIGHT_HTTP';

/** Variables that are always read from the note: in the caller's environment they are meant for AWS. */
const OF_THE_STACK = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/**
 * Returns the stack's tables, and points the SDK clients of this process at it.
 *
 * @throws TokenwrightError `no_stack`, `unknown_stage`
 */
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
