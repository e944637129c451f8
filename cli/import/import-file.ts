/** `tokens import`: checks a whole file, then writes it. If a token is faulty, nothing is written without --partial. */
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { dynamodbDirectory, writeDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { Ended, stopSignal } from '../command.ts';
import { readSource } from '../input/read-file.ts';
import { count } from '../output/display.ts';
import { FileRefusal, inFile, printErrors } from '../output/errors.ts';
import { progressOf } from '../output/progress.ts';
import type { Tables } from '../stack/environment.ts';
import { stackBox } from '../stack/secrets.ts';
import { type Format, readTokenFile } from './formats.ts';
import { checkRows, type Findings, type ImportTools, writeRows } from './import-tokens.ts';

export interface ImportChoice {
  readonly format?: Format | undefined;
  readonly keyFile?: string | undefined;
  readonly partial?: true | undefined;
  readonly skipExisting?: boolean | undefined;
  readonly json?: true | undefined;
}

/** Imports a file and prints the result. @throws Ended with 1 if --partial left tokens out, or Ctrl-C stopped the import */
export async function importFile(
  tables: Tables,
  file: string,
  { format, keyFile, partial, skipExisting = false, json }: ImportChoice,
): Promise<void> {
  const secret = keyFile === undefined ? undefined : (await readSource(keyFile)).trim();
  const source = await readSource(file);
  const {
    rows,
    directory,
    users,
    format: found,
  } = await inFile(file, () => readTokenFile(file, source, format, secret));
  const tools = toolsOf(tables, skipExisting);
  const checked = await checkRows(rows, tools);
  if (checked.good + checked.bad + checked.skipped + directory.length === 0) {
    throw new FileRefusal(file, [new TokenwrightError('bad_file', `contains no token (read as ${found})`)]);
  }
  if (checked.bad > 0 && !partial) throw new FileRefusal(file, errorsOf(checked));
  if (tools.signal.aborted) stopped(0, checked.good);
  await writeDirectory(tools.client, tables.directory, directory);
  const hint = checked.pins > 0 ? `; ${count(checked.pins, 'PIN')}, whose hash takes about 0.02 s each` : '';
  const progress = progressOf(checked.good, 'token', process.stderr, hint);
  const written = await writeRows(rows, { ...tools, progress: (_, done) => progress.at(done) }, checked.taken);
  const { good, bad, skipped, errors } = written;
  if (good >= MANY || checked.pins > 0) progress.end(good);
  if (tools.signal.aborted && good < checked.good) stopped(good, checked.good);
  if (json) {
    const refused = errors.map(({ code, message, details }) => ({ code, path: details.path ?? '', message }));
    process.stdout.write(`${JSON.stringify({ tokens: good, users, skipped, refused: bad, errors: refused })}\n`);
  } else {
    const there = skipped > 0 ? `, ${count(skipped, 'token')} there already` : '';
    const rest = bad > 0 ? `, refused ${count(bad, 'token')}` : '';
    process.stdout.write(`imported ${count(good, 'token')}, ${count(users, 'user')}${there}${rest} (${found})\n`);
    if (bad > 0) printErrors(errorsOf(written), false);
  }
  if (bad > 0) throw new Ended(1);
}

/** Prints how far a stopped import came. @throws Ended */
function stopped(done: number, of: number): never {
  process.stderr.write(
    `\nstopped: ${done} of ${count(of, 'token')} are imported; --skip-existing goes on from there\n`,
  );
  throw new Ended(1);
}

function toolsOf(tables: Tables, skipExisting: boolean): ImportTools {
  const client = documentClient();
  return {
    client,
    table: tables.tokens,
    store: tokenStore(client, tables.tokens),
    directory: dynamodbDirectory(client, tables.directory),
    box: stackBox(tables),
    skipExisting,
    signal: stopSignal(),
    progress: reporter(),
  };
}

/** Returns the first faults, and an error with the number of the others. */
function errorsOf({ bad, errors }: Findings): readonly TokenwrightError[] {
  const shown = new Set(errors.map(({ details }) => details.path?.split('.')[0])).size;
  const more = `${bad - shown} more ${bad - shown === 1 ? 'token is' : 'tokens are'} faulty`;
  return bad > shown ? [...errors, new TokenwrightError('bad_token', more)] : errors;
}

/** Progress is printed each time that this many tokens are done. */
const MANY = 10_000;

function reporter(): ImportTools['progress'] {
  let reported = 0;
  return (what, rows) => {
    const step = Math.floor(rows / MANY);
    if (step > 0 && step !== reported) process.stderr.write(`${what} ${rows} tokens\n`);
    reported = step;
  };
}
