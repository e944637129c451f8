/** `tokens import`: checked as a whole, then written; nothing where anything is faulty, unless --partial. */
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { writeDirectory } from '../../lib/directory/write.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { Ended } from '../command.ts';
import { count } from '../display.ts';
import { FileRefusal, inFile, printErrors } from '../errors.ts';
import { progressOf } from '../progress.ts';
import { readSource } from '../read-file.ts';
import { stackBox } from '../secrets.ts';
import type { Tables } from '../tables.ts';
import { type Format, readTokenFile } from './formats.ts';
import { checkRows, type Findings, type ImportTools, writeRows } from './import-tokens.ts';

export interface ImportChoice {
  readonly format?: Format | undefined;
  readonly keyFile?: string | undefined;
  readonly partial?: true | undefined;
  readonly json?: true | undefined;
}

/** @throws Ended with 1 where --partial left tokens out */
export async function importFile(
  tables: Tables,
  file: string,
  { format, keyFile, partial, json }: ImportChoice,
): Promise<void> {
  const secret = keyFile === undefined ? undefined : (await readSource(keyFile)).trim();
  const source = await readSource(file);
  const {
    rows,
    directory,
    users,
    format: found,
  } = await inFile(file, () => readTokenFile(file, source, format, secret));
  const tools = toolsOf(tables);
  const checked = await checkRows(rows, tools);
  if (checked.good + checked.bad + directory.length === 0) {
    throw new FileRefusal(file, [new TokenwrightError('bad_file', `holds no token, read as ${found}`)]);
  }
  if (checked.bad > 0 && !partial) throw new FileRefusal(file, errorsOf(checked));
  await writeDirectory(tools.client, tables.directory, directory);
  const progress = progressOf(checked.good, 'token', process.stderr);
  const { good, bad, errors } = await writeRows(rows, { ...tools, progress: (_, written) => progress.at(written) });
  if (good >= MANY) progress.end(good);
  if (json) {
    const refused = errors.map(({ code, message, details }) => ({ code, path: details.path ?? '', message }));
    process.stdout.write(`${JSON.stringify({ tokens: good, users, refused: bad, errors: refused })}\n`);
  } else {
    const rest = bad > 0 ? `, refused ${count(bad, 'token')}` : '';
    process.stdout.write(`imported ${count(good, 'token')}, ${count(users, 'user')}${rest} (${found})\n`);
    if (bad > 0) printErrors(errorsOf({ good, bad, errors }), false);
  }
  if (bad > 0) throw new Ended(1);
}

function toolsOf(tables: Tables): ImportTools {
  const client = documentClient();
  return {
    client,
    table: tables.tokens,
    store: tokenStore(client, tables.tokens),
    directory: dynamodbDirectory(client, tables.directory),
    box: stackBox(tables),
    progress: reporter(),
  };
}

/** What is shown of the faults, and how many more there are. */
function errorsOf({ bad, errors }: Findings): readonly TokenwrightError[] {
  const shown = new Set(errors.map(({ details }) => details.path?.split('.')[0])).size;
  const more = `${bad - shown} more ${bad - shown === 1 ? 'token is' : 'tokens are'} faulty`;
  return bad > shown ? [...errors, new TokenwrightError('bad_token', more)] : errors;
}

/** So many take their time. */
const MANY = 10_000;

function reporter(): ImportTools['progress'] {
  let reported = 0;
  return (what, rows) => {
    const step = Math.floor(rows / MANY);
    if (step > 0 && step !== reported) process.stderr.write(`${what} ${rows} tokens\n`);
    reported = step;
  };
}
