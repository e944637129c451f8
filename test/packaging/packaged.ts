/** Packages the service as `npm run package` does, into a folder of its own, and reads what came out. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Template } from './template.ts';

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
  const run = () =>
    promisify(execFile)(process.execPath, [osls, 'package', '--package', folder, ...options], { cwd: root });
  await alone(run);
  const template = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  return {
    template: JSON.parse(template),
    files: async (functionName) => {
      const entries = Object.entries(unzipSync(await readFile(join(folder, `${functionName}.zip`))));
      return new Map(entries.map(([path, content]) => [path, Buffer.from(content)]));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Every run of osls works in the clone's `.serverless` first: two at once, of two test files, spoil each other's. */
const LOCK = join(root, 'node_modules', '.packaging');
const LONGEST_MS = 90_000;

/** One at a time, across processes; a lock that a killed run has left is taken over. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LONGEST_MS;
  while (!(await takeLock())) {
    if (Date.now() > deadline) await rm(LOCK, { recursive: true, force: true });
    await wait(100);
  }
  try {
    return await work();
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(LOCK);
    return true;
  } catch {
    return false;
  }
}
