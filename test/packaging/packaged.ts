/** Packages the service as `npm run package` does, into a folder of its own, and reads what came out. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Template } from './template.ts';
import { unzip } from './unzip.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A deployment package that was never deployed. */
export interface Packaged {
  readonly template: Template;
  /** The files in a function's package, by path: `files('tokenwright-dev-dispatch')`. */
  files(functionName: string): Promise<Map<string, Buffer>>;
  remove(): Promise<void>;
}

/** Runs `osls package`, offline; `options` as on its command line. */
export async function packageService(...options: string[]): Promise<Packaged> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenwright-package-'));
  const osls = join(root, 'node_modules/osls/bin/serverless.js');
  await promisify(execFile)(process.execPath, [osls, 'package', '--package', folder, ...options], { cwd: root });
  const template = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  return {
    template: JSON.parse(template),
    files: async (functionName) => unzip(await readFile(join(folder, `${functionName}.zip`))),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
