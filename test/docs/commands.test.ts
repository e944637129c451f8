/**
 * test/docs proves that the commands, examples and tables of the pages are true.
 *
 * The commands that README and docs show: each is one that there is, and those of the README's session are run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { CLONE, call, emptyFolder, startDev } from '../cli/tokenwright.ts';

interface Shown {
  readonly file: string;
  readonly command: string;
}

const pages = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md'], { cwd: CLONE });
const shown = (await Promise.all(pages.map(commandsOf))).flat();

function blocksOf(page: string): { readonly kind: string; readonly text: string }[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
}

/** Every line of a block and every piece of code that calls the command line. */
async function commandsOf(file: string): Promise<Shown[]> {
  const page = await readFile(join(CLONE, file), 'utf8');
  const lines = blocksOf(page).flatMap((block) => block.text.replaceAll(/\\\n/g, ' ').split('\n'));
  const inline = [...page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...inline].flatMap((line) => {
    const [, command] = /^(?:\$ )?npx tokenwright ([a-z].*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ file, command: command.replace(/\s+(#|>|\|).*$/, '') }];
  });
}

/** What is wrong with the words of a command; nothing is run. */
async function faultOf(command: string): Promise<string | null> {
  const [name = '', ...rest] = command.split(/\s+/);
  const module: Readonly<Record<string, CommandUnknownOpts>> = await import(`../../cli/commands/${name}.ts`).catch(
    () => ({}),
  );
  const found = module[name];
  if (!found) return `no command ${name}`;
  const verb = found.commands.find((one) => one.name() === rest.find((word) => !word.startsWith('-')));
  if (found.commands.length > 0 && !verb) return `no verb in "${command}"`;
  const known = [found, ...(verb ? [verb] : [])].flatMap(({ options }) => options.map(({ long }) => long));
  const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
  const unknown = options.find((word) => !known.includes(word) && word !== '--help');
  return unknown === undefined ? null : `no option ${unknown}`;
}

describe('a command that a page shows', () => {
  it('is found in many places', () => expect(shown.length).toBeGreaterThan(20));

  it.each(shown)('$file: npx tokenwright $command', async ({ command }) => {
    expect(await faultOf(command)).toBeNull();
  });

  it('would be found out', async () => {
    expect(await faultOf('definitions explane event.json')).toBe('no verb in "definitions explane event.json"');
    expect(await faultOf('run FILE --delivery 3')).toBe('no option --delivery');
    expect(await faultOf('walk FILE')).toBe('no command walk');
  });
});

describe('the README', async () => {
  const readme = await readFile(join(CLONE, 'README.md'), 'utf8');
  const section = (title: string) => readme.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
  const block = (title: string, kind: string) => blocksOf(section(title)).find((one) => one.kind === kind)?.text ?? '';

  it('shows what "run" prints of its definition', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'visitors.yaml'), block('One definition', 'yaml'));
    const [, ...lines] = block('One definition', '').trimEnd().split('\n');
    const { stdout } = await call(folder, ['run', 'visitors.yaml']);
    expect(stdout.split('\n').slice(0, lines.length - 1)).toEqual(lines.slice(0, -1));
  });

  it('has commands for a running stack that all work, one after another', async () => {
    const folder = await emptyFolder();
    await cp(join(CLONE, 'examples'), join(folder, 'examples'), { recursive: true });
    const stack = await startDev(folder, '--data', 'data');
    const lines = [
      ...block('An event of your own', 'sh').split('\n'),
      ...block('Definitions as code', 'sh').split('\n'),
    ];
    const commands = lines.filter((line) => line !== '');
    expect(commands.length).toBeGreaterThanOrEqual(12);
    for (const line of commands)
      expect(await inShell(folder, line)).toEqual({ line, code: 0, stderr: expect.any(String) });
    expect(await stack.stop('SIGINT')).toBe(0);
  }, 240_000);
});

/** A line as it would be typed, with the command line of this folder. */
async function inShell(folder: string, line: string) {
  const here = line.replace(/^npx tokenwright/, '"$NODE" "$TOKENWRIGHT"');
  const env = { ...process.env, NODE: process.execPath, TOKENWRIGHT: join(CLONE, 'bin/tokenwright.js') };
  const child = spawn('sh', ['-c', here], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  const stderr = await text(child.stderr);
  const [code] = await ended;
  return { line, code, stderr };
}
