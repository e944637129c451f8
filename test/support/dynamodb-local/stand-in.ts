/** Which module stands in for which, in test files (by vitest) and in the processes that they start (by Node). */
import { fileURLToPath } from 'node:url';

const REPLACED = '/infra/local/dynamodb.ts';

export const STAND_IN = new URL('server.ts', import.meta.url).href;

/** @param importer path or URL of the module that imports */
export function isReplaced(resolved: string, importer = ''): boolean {
  return resolved.endsWith(REPLACED) && !importer.endsWith('/dynamodb-local/server.ts');
}

export const STAND_IN_PATH = fileURLToPath(STAND_IN);
