/**
 * Shared parts of commands. Each command is declared with commander in its own file: help, usage and the check of arguments
 * come from that declaration. Its action prints results, and throws errors.
 */
import { type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';

/** The option that every command which works on a stack has. */
export interface StackChoice {
  readonly stage?: string | undefined;
}

export const jsonOption = new Option('--json', 'print the result as JSON');
export const stageOption = new Option(
  '--stage <name>',
  'the stack deployed on AWS under this stage; default: the local one that "dev" or "start" runs',
);

/** Wrong usage that the declaration cannot express. Printed below the command's usage; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Ends a command that has already printed the reason. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly exitCode: number;

  /** @param exitCode 1 refused or failed */
  constructor(exitCode: number) {
    super(`ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Returns a parser of whole numbers for an option or argument, which throws InvalidArgumentError. */
export function wholeNumber(minimum = 0, maximum = Number.MAX_SAFE_INTEGER): (given: string) => number {
  return (given) => {
    const number = Number(given);
    if (/^\d+$/.test(given) && number >= minimum && number <= maximum) return number;
    const end = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
    throw new InvalidArgumentError(`It takes a whole number from ${minimum}${end}.`);
  };
}

/** Shows examples under a command's help: `.addHelpText('after', examples('run examples/scenario.yaml'))`. */
export function examples(...calls: readonly string[]): string {
  const heading = calls.length === 1 ? 'Example' : 'Examples';
  return `\n${heading}:\n${calls.map((call) => continued(`  npx tokenwright ${call}`)).join('\n')}`;
}

/** Breaks a long command before an option or a pipe, as a shell reads it. */
function continued(line: string): string {
  const at = line.length > 80 ? Math.max(...[' --', ' | '].map((mark) => line.lastIndexOf(mark, 76))) : -1;
  return at < 0 ? line : `${line.slice(0, at)} \\\n    ${continued(line.slice(at + 1))}`;
}

/** Returns the first line of a command's help; for a group also its verbs. */
export function shortUsage(command: CommandUnknownOpts): string {
  const help = command.createHelp();
  const usage = `Usage: ${help.commandUsage(command)}`;
  const verbs = command.commands.map((one) => one.name());
  if (verbs.length === 0) return usage;
  return `${usage}\n${help.boxWrap(`${command.parent ? 'VERB' : 'COMMAND'} is one of ${verbs.join(', ')}`, 80)}`;
}

/** One press of Ctrl-C may arrive twice: from the terminal, and again from npm, npx or bin/ that pass it on. */
const SAME_PRESS_MS = 1000;

/** Returns a signal that aborts at Ctrl-C or SIGTERM. A second Ctrl-C, more than a second later, ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let told = Number.POSITIVE_INFINITY;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (performance.now() - told > SAME_PRESS_MS) process.exit(1);
      told = Math.min(told, performance.now());
      controller.abort();
    });
  }
  return controller.signal;
}
