/** Writes a function's package to disk, as Lambda unpacks it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundleFile } from '../../infra/bundle/bundle.ts';

/** @returns the path of the function's module, which comes first */
export function writeFiles(folder: string, files: readonly BundleFile[]): string {
  for (const { path, content } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return join(folder, files[0]?.path ?? '');
}
