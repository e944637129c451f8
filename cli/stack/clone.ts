/** Finds the clone that this command line belongs to: its serverless.yml is run from whatever folder the command is called. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const CLONE = above(import.meta.dirname);

/** The nearest folder with a serverless.yml: compiled (bin/compiled.js), this file lies deeper in the clone. */
function above(folder: string): string {
  return existsSync(join(folder, 'serverless.yml')) || dirname(folder) === folder ? folder : above(dirname(folder));
}
