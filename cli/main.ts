/**
 * The command line: results on stdout, notes on stderr, exit 0 done, 1 refused or failed, 2 wrong usage.
 *
 * `commands/` declares each command; its work is in the room of its subject: `definitions`, `import` (of tokens),
 * `login`, `rotate` (of keys), `scenario` (files for `run`), `simulate` (explain and replay). `stack/` finds or starts
 * the stack that a command works on, `input/` reads what it is given, `output/` prints results and errors.
 */
import { styleText } from 'node:util';
import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { TokenwrightError } from '../lib/base/error.ts';
import { closest } from '../lib/schema/closest.ts';
import { Refusal } from '../lib/schema/validate.ts';
import manifest from '../package.json' with { type: 'json' };
import { Ended, shortUsage, UsageError } from './command.ts';
import { FileRefusal, inItsFile, printErrors, unreachable } from './output/errors.ts';
import { foldFor } from './output/fold.ts';
import { inOneSentence, stackOf, writeLog } from './output/unexpected.ts';

/** Each command is loaded only when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  run: async () => (await import('./commands/run.ts')).run,
  start: async () => (await import('./commands/start.ts')).start,
  dev: async () => (await import('./commands/dev.ts')).dev,
  actions: async () => (await import('./commands/actions.ts')).actions,
  conditions: async () => (await import('./commands/conditions.ts')).conditions,
  definitions: async () => (await import('./commands/definitions.ts')).definitions,
  tokens: async () => (await import('./commands/tokens.ts')).tokens,
  admins: async () => (await import('./commands/admins.ts')).admins,
  keys: async () => (await import('./commands/keys.ts')).keys,
  login: async () => (await import('./commands/login.ts')).login,
  outcomes: async () => (await import('./commands/outcomes.ts')).outcomes,
  settings: async () => (await import('./commands/settings.ts')).settings,
  secrets: async () => (await import('./commands/secrets.ts')).secrets,
  events: async () => (await import('./commands/events.ts')).events,
  replay: async () => (await import('./commands/replay.ts')).replay,
  dlq: async () => (await import('./commands/dlq.ts')).dlq,
};

/** Runs the command line. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const program = await loadProgram(argv);
  let called: CommandUnknownOpts = program;
  program.hook('preAction', (_, command) => {
    called = command;
  });
  try {
    await program.parseAsync(helpLast(verbFirst(argv, program), program), { from: 'user' });
    return 0;
  } catch (error) {
    return await explainFailure(error, called, argv.includes('--json'));
  }
}

/** Prints what went wrong. @returns the exit code */
async function explainFailure(error: unknown, called: CommandUnknownOpts, json: boolean): Promise<number> {
  if (error instanceof Ended) return error.exitCode;
  // Commander has printed the help or the error already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    printUsageError(called, `error: ${error.message}\n`);
    return 2;
  }
  if (error instanceof FileRefusal) return printErrors(error.errors, json, await inItsFile(error, json));
  if (error instanceof Refusal) return printErrors(error.errors, json);
  const refusal = error instanceof TokenwrightError ? error : unreachable(error);
  return refusal ? printErrors([refusal], json) : tellUnexpected(error, json);
}

/** Prints an unexpected error: a full disk, an error of AWS, a bug. @returns the exit code 1 */
function tellUnexpected(error: unknown, json: boolean): number {
  printErrors([inOneSentence(error)], json);
  const log = writeLog(error);
  if (process.argv.includes('--verbose')) process.stderr.write(`${stackOf(error)}\n`);
  else if (log !== undefined) process.stderr.write(`  more: ${log}, or the same command with --verbose\n`);
  return 1;
}

/** Runs `main` in its own process, where uncaught exceptions too are printed as one sentence. */
export async function runProcess(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endWhenUnwritable);
  process.on('uncaughtException', (error) => process.exit(tellUnexpected(error, argv.includes('--json'))));
  return main(argv);
}

/** Ends quietly if a reader of the output stops early (`tokenwright actions | head`); prints any other failure. */
function endWhenUnwritable(error: Error): void {
  process.exit('code' in error && error.code === 'EPIPE' ? 0 : tellUnexpected(error, false));
}

/** Loads the command that is called. Without one, or with an unknown one, loads all: for the overview and for suggestions. */
async function loadProgram([name = '', topic = '']: readonly string[]): Promise<CommandUnknownOpts> {
  const program = new Command('tokenwright')
    .usage('COMMAND')
    .version(manifest.version, '--version')
    .option('--verbose', 'print the stack of an unexpected error')
    .addHelpText('after', '\n"tokenwright help COMMAND" describes a command.');
  const wanted = name === 'help' ? topic : name;
  const loaders = Object.hasOwn(COMMANDS, wanted) ? [COMMANDS[wanted]] : Object.values(COMMANDS);
  for (const command of await Promise.all(loaders.map((load) => load?.()))) if (command) program.addCommand(command);
  return speak(program);
}

/** Makes a command and its verbs throw instead of exiting, and print an error below the usage. */
function speak(command: CommandUnknownOpts): CommandUnknownOpts {
  command
    .exitOverride()
    .configureHelp({
      commandDescription: (one) => joinLines(one.description()),
      subcommandTerm: (one) => `${one.name()} ${one.usage().replace('[options]', '').trim()}`,
      styleTitle: (title) => styleText('bold', title),
    })
    .configureOutput({ outputError: (text) => printUsageError(command, text) });
  if (command.commands.length > 0 && command.parent) command.usage('VERB');
  for (const verb of command.commands) speak(verb);
  return command;
}

function printUsageError(command: CommandUnknownOpts, text: string): void {
  const told = foldFor(process.stderr, text + suggestChoice(text));
  process.stderr.write(`${shortUsage(command)}\n\n${styleText('red', told, { stream: process.stderr })}`);
}

/** Suggests a value for a misspelt one, in commander's words; commander itself suggests only commands and options. */
function suggestChoice(text: string): string {
  const [, given, choices] = /argument '(.+)' is invalid\. Allowed choices are (.+)\.$/m.exec(text) ?? [];
  const meant = given === undefined || choices === undefined ? undefined : closest(given, choices.split(', '));
  return meant === undefined ? '' : `(Did you mean ${meant}?)\n`;
}

/** Joins the lines of each paragraph, since the help wraps them to the width of the terminal. Keeps indented lines. */
function joinLines(text: string): string {
  return text.trim().replace(/(?<=\S)\n(?=\S)/g, ' ');
}

/** Turns `help definitions plan` into `definitions plan --help`. An unknown name stays alone, and is refused with a suggestion. */
function helpLast(argv: readonly string[], program: CommandUnknownOpts): string[] {
  const [first = '', second, third] = argv;
  const [name, verb] = first === 'help' ? [second, third] : second === 'help' ? [first, third] : [];
  if (name === undefined || (second === 'help' && verb === undefined)) return [...argv];
  const group = program.commands.find((one) => one.name() === name);
  if (verb === undefined) return group ? [name, '--help'] : [name];
  const isKnown = group?.commands.length === 0 || group?.commands.some((one) => one.name() === verb);
  return isKnown ? [name, verb, '--help'] : [name, verb];
}

/** Moves the verb before options that precede it: `definitions --stage prod list`. */
function verbFirst(argv: readonly string[], program: CommandUnknownOpts): string[] {
  const [name = '', ...rest] = argv;
  const verbs = program.commands.find((one) => one.name() === name)?.commands.map((verb) => verb.name());
  const at = rest.findIndex((word) => verbs?.includes(word));
  if (at < 1 || !rest[0]?.startsWith('-')) return [...argv];
  return [name, ...rest.slice(at, at + 1), ...rest.toSpliced(at, 1)];
}
