/** The clone that this command line belongs to: what runs is its serverless.yml, wherever the command is called. */
import { join } from 'node:path';

export const CLONE = join(import.meta.dirname, '..');
