/** Finds the root folder of this project, whose serverless.yml is used whatever folder the command is called in. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const CLONE = above(import.meta.dirname);

/** Finds the nearest folder with a serverless.yml. The compiled file (bin/compiled.js) is in another folder than this one. */
function above(folder: string): string {
  return existsSync(join(folder, 'serverless.yml')) || dirname(folder) === folder ? folder : above(dirname(folder));
}
