/**
 * Compiles the package for other projects (lib/contract) into dist/, when packages are installed or the package is packed
 * ("prepare"): one JavaScript file and its types. Plain JavaScript, for any version of Node.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const CLONE = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = `${CLONE}lib/contract/`;
const TARGET = `${CLONE}dist/`;

await rm(TARGET, { recursive: true, force: true });
await mkdir(TARGET);
await build({
  absWorkingDir: CLONE,
  entryPoints: [`${SOURCES}index.ts`],
  outfile: `${TARGET}index.js`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['@aws-sdk/*'],
  logLevel: 'warning',
});
for (const file of await readdir(SOURCES)) {
  const source = await readFile(SOURCES + file, 'utf8');
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, { fileName: file });
  if (diagnostics.length > 0)
    throw new Error(diagnostics.map(({ messageText }) => `${file}: ${messageText}`).join('\n'));
  await writeFile(`${TARGET}${basename(file, '.ts')}.d.ts`, outputText.replaceAll(/'(\.\/[\w-]+)\.ts'/g, "'$1.js'"));
}
