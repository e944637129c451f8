/** Prints errors, for people or as JSON. */

import { join } from 'node:path';
import { TokenwrightError } from '../../lib/base/error.ts';
import { isObject } from '../../lib/base/object.ts';
import { isSecretPath } from '../../lib/schema/secret-names.ts';
import { Refusal } from '../../lib/schema/validate.ts';
import { readSource } from '../input/read-file.ts';
import { colours, count } from './display.ts';
import { printFolded } from './fold.ts';
import type { Place } from './place.ts';

/** The faults of one file, with its name. */
export class FileRefusal extends Refusal {
  readonly file: string;
  /** The path as it was given on the command line. */
  readonly given: string;

  constructor(file: string, errors: readonly TokenwrightError[]) {
    super(errors);
    this.given = file;
    this.file = file === '-' ? 'standard input' : file;
  }
}

/** Runs `check`, and adds the name of the file to its Refusal. @throws FileRefusal */
export async function inFile<T>(file: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Refusal) throw new FileRefusal(file, error.errors);
    throw error;
  }
}

/** The name of a file in messages, and the place of each of its errors. */
interface FileInWords {
  readonly file: string;
  place(error: TokenwrightError): string;
}

/** Looks up the places of errors in a file: the line, and the name of the definition, token or event. */
export async function inItsFile({ file, given, errors }: FileRefusal, json: boolean): Promise<FileInWords> {
  const places = new Map<string, (path: string) => Place>();
  if (!json) {
    const { placesIn } = await import('./place.ts');
    for (const within of new Set(errors.map(({ details }) => details.file ?? ''))) {
      const source = await readSource(within === '' ? given : join(given, within)).catch(() => '');
      places.set(within, placesIn(source));
    }
  }
  return {
    file,
    place({ details: { path = '', file: within = '' } }) {
      const { line, entry, path: rest } = places.get(within)?.(path) ?? { path };
      const where = [within, line === undefined ? '' : `line ${line}`, entry ?? ''].filter(Boolean).join(', ');
      return [where, rest].filter(Boolean).join(': ');
    },
  };
}

/** Prints every error: with `--json` on stdout, else on stderr. @returns the exit code 1 */
export function printErrors(errors: readonly TokenwrightError[], json: boolean, within?: FileInWords): number {
  if (json) {
    const list = errors.map(({ code, message, details: { path = '', file } }) => ({
      code,
      ...(file === undefined ? {} : { file }),
      path,
      message,
    }));
    process.stdout.write(`${JSON.stringify({ errors: list }, null, 2)}\n`);
    return 1;
  }
  if (within !== undefined) process.stderr.write(`${within.file} is refused: ${count(errors.length, 'error')}\n`);
  const paint = colours(process.stderr);
  const listed = new Set<string>();
  for (const error of errors) {
    const { allowed, path = '', file } = error.details;
    const where = within?.place(error) ?? [file, path].filter(Boolean).join(': ');
    const said = [where, `${error.message}${given(error)}`].filter(Boolean).join(': ');
    printFolded(process.stderr, `${paint('red', `error ${error.code}:`)} ${said}`);
    if (allowed === undefined || namesAll(error.message, allowed)) continue;
    const list = typeof allowed === 'string' ? allowed : allowed.join(', ');
    if (!listed.has(list)) printFolded(process.stderr, `  allowed: ${list}`);
    listed.add(list);
  }
  return 1;
}

function namesAll(message: string, allowed: string | readonly string[]): boolean {
  return [allowed].flat().every((one) => message.includes(one));
}

/** Returns the given value for a message, unless it is a secret or the message names it already. */
function given({ message, details }: TokenwrightError): string {
  const value = details.given;
  if (value === null || isObject(value) || value === undefined || message.includes(String(value))) return '';
  if (isSecretPath(details.path ?? '')) return '';
  return ` (given: ${JSON.stringify(value)})`;
}

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const FOREIGN = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'ResourceNotFoundException',
  'TimeoutError',
  'UnrecognizedClientException',
]);

/** Turns an error of the network or of AWS into one with a code; undefined for any other error, which is a bug. */
export function unreachable(error: unknown): TokenwrightError | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? String(cause.code) : '';
  if (CONNECTION.has(code)) {
    const message = `nothing answers: ${cause.message || code}`;
    return new TokenwrightError('unreachable', message, {
      allowed: 'a running stack (npx tokenwright dev), or a DynamoDB that runs at --dynamodb',
    });
  }
  if (error.message === 'Region is missing') {
    const allowed = 'AWS_REGION in the environment, or a region in the AWS profile';
    return new TokenwrightError('no_region', 'no AWS region is set', { allowed });
  }
  if (FOREIGN.has(error.name)) return new TokenwrightError('unreachable', `${error.name}: ${error.message}`);
  return undefined;
}
