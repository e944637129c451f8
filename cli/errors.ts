/** Refusals as people read them, or as machines do. */
import { TokenwrightError } from '../lib/base/error.ts';
import { isSecretPath } from '../lib/schema/secret-names.ts';
import { describeError, Refusal } from '../lib/schema/validate.ts';
import { colours, count } from './display.ts';

/** Refusals of one file, which names it. */
export class FileRefusal extends Refusal {
  readonly file: string;

  constructor(file: string, errors: readonly TokenwrightError[]) {
    super(errors);
    this.file = file === '-' ? 'standard input' : file;
  }
}

/** What is refused while `check` runs is refused of this file. @throws FileRefusal */
export async function inFile<T>(file: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Refusal) throw new FileRefusal(file, error.errors);
    throw error;
  }
}

/** Prints every error: with `--json` on stdout, else on stderr. @returns the exit code 1 */
export function printErrors(errors: readonly TokenwrightError[], json: boolean, file?: string): number {
  if (json) {
    const list = errors.map(({ code, message, details: { path = '', file: within } }) => ({
      code,
      ...(within === undefined ? {} : { file: within }),
      path,
      message,
    }));
    process.stdout.write(`${JSON.stringify({ errors: list }, null, 2)}\n`);
    return 1;
  }
  if (file !== undefined) {
    process.stderr.write(`${file} is refused: ${count(errors.length, 'error')}\n`);
  }
  const paint = colours(process.stderr);
  for (const error of errors) {
    const { allowed, file: within } = error.details;
    const where = within === undefined ? '' : `${within}: `;
    process.stderr.write(`${paint('red', `error ${error.code}:`)} ${where}${describeError(error)}${given(error)}\n`);
    if (allowed !== undefined && !namesAll(error.message, allowed)) {
      process.stderr.write(`  allowed: ${typeof allowed === 'string' ? allowed : allowed.join(', ')}\n`);
    }
  }
  return 1;
}

function namesAll(message: string, allowed: string | readonly string[]): boolean {
  return [allowed].flat().every((one) => message.includes(one));
}

/** The given value, where it is no secret and the message doesn't name it already. */
function given({ message, details }: TokenwrightError): string {
  const value = details.given;
  if (typeof value === 'object' || value === undefined || message.includes(String(value))) return '';
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

/** What a stack's absence or AWS's refusal throws, as an error of ours; undefined for anything else: that is a bug. */
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
