/** What a command is, and how it reads its arguments: options are checked, a typo is not silent. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** Usage, options and examples. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Words that may follow the name, each a command of its own. */
  readonly verbs?: Readonly<Record<string, () => Promise<Command>>>;
  /** @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage */
  run(args: Arguments): Promise<number>;
}

/** Wrong usage: exit 2, with the command's help at hand. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for an unknown option or a missing value */
export function readArguments(argv: readonly string[], options: ParseArgsOptionsConfig): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { positionals, values: values as Arguments['values'] };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number given as an option. @throws UsageError where it is none */
export function wholeNumber(
  value: string | boolean | undefined,
  name: string,
  minimum = 0,
  maximum = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (typeof value === 'string' && Number.isSafeInteger(number) && number >= minimum && number <= maximum)
    return number;
  const end = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  throw new UsageError(`--${name} takes a whole number from ${minimum}${end}, not "${value}"`);
}

/** @throws UsageError where more arguments are given than the command takes */
export function noMoreThan(count: number, { positionals }: Arguments): void {
  const extra = positionals[count];
  if (extra !== undefined) throw new UsageError(`doesn't know what to do with "${extra}"`);
}

export function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
