/** Refusals as people read them, or as machines do. */
import type { TokenwrightError } from '../lib/error.ts';
import { describeError } from '../lib/validate.ts';

/** Prints every error: with `--json` on stdout, else on stderr. @returns the exit code 1 */
export function printErrors(errors: readonly TokenwrightError[], json: boolean): number {
  if (json) {
    const list = errors.map(({ code, message, details }) => ({ code, path: details.path ?? '', message }));
    process.stdout.write(`${JSON.stringify({ errors: list }, null, 2)}\n`);
    return 1;
  }
  for (const error of errors) {
    process.stderr.write(`error ${error.code}: ${describeError(error)}\n`);
    const { allowed } = error.details;
    if (allowed !== undefined)
      process.stderr.write(`  allowed: ${typeof allowed === 'string' ? allowed : allowed.join(', ')}\n`);
  }
  return 1;
}
