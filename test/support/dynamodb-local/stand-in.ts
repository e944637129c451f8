/** Which module stands in for which, in test files (by vitest) and in the processes that they start (by Node). */
import { fileURLToPath } from 'node:url';

const REPLACED = '/infra/local/dynamodb.ts';

export const STAND_IN = new URL('server.ts', import.meta.url).href;

export function isReplaced(resolved: string): boolean {
  return resolved.endsWith(REPLACED);
}

export const STAND_IN_PATH = fileURLToPath(STAND_IN);
