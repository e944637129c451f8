/**
 * Compiles the command line, with the functions of its local stack, into one file when packages are installed ("prepare").
 * Without that file the sources run (bin/compiled.js), so a failure is printed, but does not fail the installation. Plain
 * JavaScript, for any version of Node.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledFile } from '../bin/compiled.js';

const CLONE = fileURLToPath(new URL('..', import.meta.url));

async function compile(file) {
  const { build } = await import('esbuild');
  const unfinished = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await build({
      absWorkingDir: CLONE,
      entryPoints: ['cli/main.ts'],
      outfile: unfinished,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs', // "import" of node:http would load undici as well
      mainFields: ['module', 'main'],
      minifyWhitespace: true,
      sourcemap: 'external', // read only when something unexpected is thrown
      sourcesContent: false,
      define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
      plugins: [withHandlers],
      logLevel: 'silent',
    });
    await rename(`${unfinished}.map`, `${file}.map`);
    await rename(unfinished, file);
    await removeFormer(file);
  } finally {
    await Promise.all([rm(unfinished, { force: true }), rm(`${unfinished}.map`, { force: true })]);
  }
}

/** Deletes compiled files of earlier sources. */
async function removeFormer(file) {
  const folder = dirname(file);
  const former = readdirSync(folder).filter(
    (name) => /^cli-.*\.cjs(\.map)?$/.test(name) && !name.startsWith(basename(file)),
  );
  await Promise.all(former.map((name) => rm(join(folder, name), { force: true })));
}

/** Adds the modules of the functions to the file; each is loaded when it is first used. */
const withHandlers = {
  name: 'with-handlers',
  setup(build) {
    build.onLoad({ filter: /[\\/]cli[\\/]stack[\\/]handlers\.ts$/ }, () => ({
      contents: `export const handlers = {${handlerFiles().map(entry).join(',')}};`,
      resolveDir: CLONE,
    }));
  },
};

function entry(file) {
  return `${JSON.stringify(`functions/${file}`)}: () => import(${JSON.stringify(`./functions/${file}`)})`;
}

function handlerFiles() {
  const files = readdirSync(fileURLToPath(new URL('../functions', import.meta.url)), { recursive: true });
  return files.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'));
}

try {
  const file = compiledFile();
  if (!existsSync(file)) await compile(file);
} catch (error) {
  console.error(`note: the command line is not compiled, and starts a little slower: ${error.message}`);
}
