/**
 * Resolves serverless.yml as the deployment does, with the modules of the deployment tool: all `${...}` and JavaScript
 * includes. That takes a few hundred milliseconds, so the result is cached under node_modules/.cache, by a hash of its
 * sources: serverless.yml, the files under infra/ that it may include, and the table of actions.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isRecord } from './json.ts';

/** The module of lib/ that decides what infra/ deploys. */
const ACTIONS = join('lib', 'action', 'table.ts');

const SOURCES = 'osls/lib/configuration/variables/sources';

/**
 * Reads and resolves `serverless.yml` of a folder.
 *
 * @param root the folder of serverless.yml
 * @param stage what `${sls:stage}` stands for
 * @throws TokenwrightError `bad_wiring` if the deployment tool refuses the file
 */
export async function readConfiguration(root: string, stage: string): Promise<Record<string, unknown>> {
  const key = JSON.stringify([root, stage]);
  const text = read.get(key) ?? textOf(root, stage);
  read.set(key, text);
  return asRecord(JSON.parse(await text));
}

/** The configurations that this process has read. */
const read = new Map<string, Promise<string>>();

async function textOf(root: string, stage: string): Promise<string> {
  const cached = join(root, 'node_modules', '.cache', 'tokenwright', `${await fingerprint(root, stage)}.json`);
  const known = await readFile(cached, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const text = JSON.stringify(await resolve(root, stage));
  await keep(cached, text).catch(() => undefined); // without a writable cache every start resolves it again
  return text;
}

async function resolve(root: string, stage: string): Promise<unknown> {
  const require = createRequire(import.meta.url);
  try {
    const configuration = await require('osls/lib/configuration/read')(join(root, 'serverless.yml'));
    const sources = {
      env: require(`${SOURCES}/env`),
      file: require(`${SOURCES}/file`),
      opt: require(`${SOURCES}/opt`),
      self: require(`${SOURCES}/self`),
      strToBool: require(`${SOURCES}/str-to-bool`),
      sls: require(`${SOURCES}/instance-dependent/get-sls`)(),
      param: require(`${SOURCES}/instance-dependent/param`)({
        configurationInput: configuration,
        processedInput: { options: {} },
      }),
    };
    await require('osls/lib/configuration/variables')({ serviceDir: root, configuration, options: { stage }, sources });
    return configuration;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TokenwrightError('bad_wiring', `serverless.yml: ${reason}`, { path: 'serverless.yml' }, { cause });
  }
}

async function fingerprint(root: string, stage: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([stage, process.versions.node]));
  for (const file of ['serverless.yml', ACTIONS, ...(await included(root))]) {
    hash.update(JSON.stringify([file, await readFile(join(root, file), 'utf8').catch(() => null)]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Lists the files that serverless.yml may include: all of infra/ but the local stack. */
async function included(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'infra'), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/^infra.(local|event-pattern)\b/.test(path))
    .toSorted();
}

async function keep(path: string, text: string): Promise<void> {
  await access(join(path, '..', '..', '..')); // throws if there is no node_modules, so that none is created
  await mkdir(join(path, '..'), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new TokenwrightError('bad_wiring', 'serverless.yml: not an object', { path: 'serverless.yml', given: value });
}
