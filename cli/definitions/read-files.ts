/** Reads definitions from a file, from standard input (`-`), or from all JSON and YAML files of a folder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TokenwrightError } from '../../lib/base/error.ts';
import type { InputFile } from '../../lib/definition/input.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { readDocument } from '../input/read-file.ts';

/** Reads the files. @throws Refusal `bad_file` with each file that cannot be read, with line and column if it is malformed */
export async function readDefinitionFiles(path: string): Promise<InputFile[]> {
  if (!(await isFolder(path))) return [{ input: await readDocument(path) }];
  const names = (await readdir(path, { recursive: true })).filter(isDefinitionFile).sort();
  if (names.length === 0) {
    throw new TokenwrightError('bad_file', `${path} has no JSON or YAML file`, { given: path });
  }
  const files: InputFile[] = [];
  const errors: TokenwrightError[] = [];
  for (const file of names) {
    try {
      files.push({ input: (await readDocument(join(path, file))) ?? [], file });
    } catch (error) {
      if (!(error instanceof TokenwrightError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new Refusal(errors);
  return files;
}

function isDefinitionFile(name: string): boolean {
  return /\.(json|ya?ml)$/i.test(name) && !name.split(/[/\\]/).some((part) => part.startsWith('.'));
}

async function isFolder(path: string): Promise<boolean> {
  if (path === '-') return false;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
