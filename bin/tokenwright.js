#!/usr/bin/env node
// Runs the command line on the Node that Lambda runs, whatever the machine has: `node@24` is a
// devDependency, and npx puts it first; called in another way, this hands over to it.
import { spawnSync } from 'node:child_process';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

const MINIMUM = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < MINIMUM) {
  const packaged = dirname(createRequire(import.meta.url).resolve('node/package.json'));
  const { status, error } = spawnSync(join(packaged, 'bin', 'node'), process.argv.slice(1), { stdio: 'inherit' });
  if (error) throw error;
  process.exit(status ?? 1);
}

enableCompileCache?.();
const { main } = await import('../cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
