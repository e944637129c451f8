/**
 * The official DynamoDB Local: jars that an npm package holds. Only those are unpacked, into a folder that git
 * ignores; as a dependency the package would bring some 350 MB. Needs Java 17.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const INSIDE = 'package/emulator';
const CACHE = join(import.meta.dirname, '..', '..', '..', '.tokenwright', 'cache');

/** @returns the folder of DynamoDBLocal.jar, fetched from the npm registry where it is not there yet */
export async function installDynamodbLocal(): Promise<string> {
  const folder = join(CACHE, PACKAGE);
  const isThere = await access(join(folder, 'DynamoDBLocal.jar')).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  try {
    const run = promisify(execFile);
    const { stdout } = await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', unfinished]);
    await run('tar', ['xzf', join(unfinished, stdout.trim()), '-C', unfinished, INSIDE]);
    await rename(join(unfinished, INSIDE), folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
