#!/usr/bin/env node
// Runs the command line on the Node that Lambda runs, whatever the machine has: `node@24` is a
// devDependency, and npx puts it first; called in another way, this hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = 24;

if (Number(process.versions.node.split('.')[0]) < MINIMUM) {
  const packaged = dirname(module.createRequire(import.meta.url).resolve('node/package.json'));
  const child = spawn(join(packaged, 'bin', 'node'), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  module.enableCompileCache();
  const { compiledFile } = await import('./compiled.js');
  const compiled = compiledFile();
  // What is preloaded may stand in for modules, and finds none in one compiled file.
  const isPreloaded = /--(import|require|loader)\b/.test(process.env.NODE_OPTIONS ?? '');
  const { runProcess } =
    existsSync(compiled) && !isPreloaded
      ? module.createRequire(import.meta.url)(compiled)
      : await import('../cli/main.ts');
  process.exitCode = await runProcess(process.argv.slice(2));
}
