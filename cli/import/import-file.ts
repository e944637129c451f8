/** `tokens import`: checked as a whole, then written; nothing where anything is faulty, unless --partial. */
import { documentClient } from '../../lib/aws/clients.ts';
import { TokenwrightError } from '../../lib/base/error.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { writeDirectory } from '../../lib/directory/write.ts';
import { tokenStore } from '../../lib/token/store.ts';
import { type Arguments, textOption, UsageError } from '../command.ts';
import { count } from '../display.ts';
import { FileRefusal, inFile, printErrors } from '../errors.ts';
import { progressOf } from '../progress.ts';
import { readSource } from '../read-file.ts';
import { stackBox } from '../secrets.ts';
import type { Tables } from '../tables.ts';
import { FORMATS, readTokenFile } from './formats.ts';
import { checkRows, type Findings, type ImportTools, writeRows } from './import-tokens.ts';

export const IMPORT_OPTIONS = {
  format: { type: 'string' },
  'key-file': { type: 'string' },
  partial: { type: 'boolean' },
} as const;

/** @returns the exit code: 1 where anything was refused */
export async function importFile(tables: Tables, { values }: Arguments, file: string): Promise<number> {
  const format = FORMATS.find((one) => one === values.format);
  if (values.format !== undefined && !format) {
    throw new UsageError(`--format takes one of ${FORMATS.join(', ')}, not "${values.format}"`);
  }
  const keyFile = textOption(values['key-file']);
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
  if (checked.bad > 0 && !values.partial) throw new FileRefusal(file, errorsOf(checked));
  await writeDirectory(tools.client, tables.directory, directory);
  const progress = progressOf(checked.good, 'token', process.stderr);
  const { good, bad, errors } = await writeRows(rows, { ...tools, progress: (_, written) => progress.at(written) });
  if (good >= MANY) progress.end(good);
  if (values.json) {
    const refused = errors.map(({ code, message, details }) => ({ code, path: details.path ?? '', message }));
    process.stdout.write(`${JSON.stringify({ tokens: good, users, refused: bad, errors: refused })}\n`);
  } else {
    const rest = bad > 0 ? `, refused ${count(bad, 'token')}` : '';
    process.stdout.write(`imported ${count(good, 'token')}, ${count(users, 'user')}${rest} (${found})\n`);
    if (bad > 0) printErrors(errorsOf({ good, bad, errors }), false);
  }
  return bad > 0 ? 1 : 0;
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
