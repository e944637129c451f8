/**
 * Compiles the command line and the package for other projects when packages are installed or the package is packed
 * ("prepare"). An installation without the compilers (`npm ci --omit=dev`) compiles nothing. Plain JavaScript, for any version
 * of Node.
 */
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

function isInstalled(name) {
  try {
    return resolve(name) !== '';
  } catch {
    return false;
  }
}

if (['esbuild', 'typescript'].every(isInstalled)) {
  await import('./compile.js');
  await import('./compile-contract.js');
} else {
  console.error('note: nothing is compiled, because the development dependencies are not installed');
  // A package without its compiled files is of no use.
  if (process.env.npm_command === 'pack' || process.env.npm_command === 'publish') process.exitCode = 1;
}
