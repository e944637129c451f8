/** The command line (DESIGN section 5): results on stdout, notes on stderr, exit 0 done, 1 refused, 2 wrong usage. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TokenwrightError } from '../lib/base/error.ts';
import { didYouMean } from '../lib/schema/closest.ts';
import { Refusal } from '../lib/schema/validate.ts';
import { type Command, readArguments, UsageError } from './command.ts';
import { FileRefusal, printErrors, unreachable } from './errors.ts';

/** Each command is loaded only when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  start: async () => (await import('./commands/start.ts')).start,
  dev: async () => (await import('./commands/dev.ts')).dev,
  actions: async () => (await import('./commands/actions.ts')).actions,
  conditions: async () => (await import('./commands/conditions.ts')).conditions,
  definitions: async () => (await import('./commands/definitions.ts')).definitions,
  tokens: async () => (await import('./commands/tokens.ts')).tokens,
  secrets: async () => (await import('./commands/secrets.ts')).secrets,
  events: async () => (await import('./commands/events.ts')).events,
  replay: async () => (await import('./commands/replay.ts')).replay,
  dlq: async () => (await import('./commands/dlq.ts')).dlq,
};

/** Runs the command line. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', leaveWhenUnread);
  const [name, ...given] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${await version()}\n`);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    process.stderr.write(
      `tokenwright: there is no command "${name}"${didYouMean(name, Object.keys(COMMANDS))}\n\n${await overview()}`,
    );
    return 2;
  }
  const { command, rest } = await choose(await load(), given);
  const json = rest.includes('--json');
  try {
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(`${command.help.trim()}\n`);
      return 0;
    }
    return await command.run(readArguments(rest, command.options));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`tokenwright ${name}: ${error.message}\n\n${command.help.trim()}\n`);
      return 2;
    }
    if (error instanceof FileRefusal) return printErrors(error.errors, json, error.file);
    if (error instanceof Refusal) return printErrors(error.errors, json);
    if (error instanceof TokenwrightError) return printErrors([error], json);
    const absent = unreachable(error);
    if (absent) return printErrors([absent], json);
    throw error;
  }
}

/** A verb's own command, where one is given. */
async function choose(command: Command, given: readonly string[]): Promise<{ command: Command; rest: string[] }> {
  const { verbs = {} } = command;
  const at = given.findIndex((word) => Object.hasOwn(verbs, word));
  const load = verbs[given[at] ?? ''];
  return load ? { command: await load(), rest: given.toSpliced(at, 1) } : { command, rest: [...given] };
}

/** Whoever reads the output may stop early: `tokenwright actions | head`. */
function leaveWhenUnread(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
}

async function version(): Promise<string> {
  const { CLONE } = await import('./clone.ts');
  const { version }: { readonly version: string } = JSON.parse(await readFile(join(CLONE, 'package.json'), 'utf8'));
  return version;
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => `  ${name.padEnd(12)} ${(await load()).summary}`),
  );
  return `Usage: tokenwright COMMAND [--help]\n       tokenwright --version\n\n${lines.join('\n')}\n`;
}
