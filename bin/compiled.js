/**
 * Finds the command line that `npm ci` has compiled (scripts/compile.js): one file instead of six hundred modules to read at
 * each call. Its name depends on the state of the sources. If they have changed since, the file is not found, and the sources
 * run instead, which is slower.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLONE = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['cli', 'functions', 'infra/event-pattern', 'infra/local', 'lib'];

/** Returns the path of the compiled command line of the present sources, which may not exist. */
export function compiledFile() {
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...SOURCES.flatMap(filesUnder)]) {
    const state = statSync(join(CLONE, path), { throwIfNoEntry: false });
    hash.update(JSON.stringify([path, state?.size, state?.mtimeMs]));
  }
  return join(CLONE, 'node_modules', '.cache', 'tokenwright', `cli-${hash.digest('hex').slice(0, 32)}.cjs`);
}

function filesUnder(folder) {
  return readdirSync(join(CLONE, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(CLONE.length))
    .sort();
}
