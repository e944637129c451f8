/** Help, usage errors and the width of what is printed. */
import { describe, expect, it, vi } from 'vitest';
import { fold } from '../../cli/output/fold.ts';
import { progressOf } from '../../cli/output/progress.ts';
import { narrator } from '../../cli/stack/narrator.ts';
import { callHere } from './in-process.ts';

const named = (help: string) =>
  [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)(?= |$)/gm)].flatMap(([, name = '']) =>
    name === 'help' ? [] : [name],
  );
const verbsOf = async (group: string) => named((await callHere(group, '--help')).stdout);

describe('help', () => {
  it('of every command and verb begins with what it does, and is at most 80 characters wide', async () => {
    const commands = named((await callHere('--help')).stdout);
    expect(commands).toHaveLength(16);
    const calls: string[][] = [];
    for (const one of commands) calls.push([one], ...(await verbsOf(one)).map((verb) => [one, verb]));
    expect(calls).toHaveLength(53);
    for (const call of calls) {
      const { code, stdout } = await callHere(...call, '--help');
      const lines = stdout.split('\n');
      expect([call, code, lines.filter((line) => line.length > 80)]).toEqual([call, 0, []]);
      if (call.length === 2) expect([call, lines[2]]).toEqual([call, expect.stringMatching(/^[A-Z][a-z]+s /)]);
    }
  });

  it('"help GROUP VERB" and "GROUP help VERB" show the help of the verb', async () => {
    const { stdout } = await callHere('definitions', 'plan', '--help');
    expect(stdout).toMatch(/^Usage: tokenwright definitions plan \[options\] <file>\n/);
    expect(await callHere('help', 'definitions', 'plan')).toEqual({ code: 0, stdout, stderr: '' });
    expect(await callHere('definitions', 'help', 'plan')).toEqual({ code: 0, stdout, stderr: '' });
    expect((await callHere('help', 'run')).stdout).toMatch(/^Usage: tokenwright run \[options\] <file>\n/);
    expect((await callHere('help')).stdout).toMatch(/^Usage: tokenwright COMMAND\n/);
  });

  it.each([
    [['help', 'tokns'], "error: unknown command 'tokns'\n(Did you mean tokens?)\n"],
    [['help', 'definitions', 'plam'], "error: unknown command 'plam'\n(Did you mean plan?)\n"],
    [['definitions', 'help', 'plam'], "error: unknown command 'plam'\n(Did you mean plan?)\n"],
    [
      ['tokens', 'list', '--state', 'lokced'],
      "error: option '--state <state>' argument 'lokced' is invalid. Allowed choices " +
        'are active, disabled, locked, revoked, unassigned.\n(Did you mean locked?)\n',
    ],
  ])('%j is refused with a suggestion', async (args, told) => {
    const { code, stdout, stderr } = await callHere(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.slice(stderr.indexOf('error:'))).toBe(told);
  });

  it('the catalogues are at most 80 characters wide', async () => {
    for (const command of ['actions', 'conditions']) {
      const { stdout } = await callHere(command);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout.split('\n').length).toBeGreaterThan(60);
    }
  });
});

describe('fold', () => {
  it('breaks a long line at spaces, and indents the rest', () => {
    expect(fold('  allowed: one, two, three, four\nshort', 20)).toBe('  allowed: one, two,\n      three, four\nshort');
  });

  it('continues the branches of a tree, and does not count colours', () => {
    const line = '│  ├─ \u001b[32mholds\u001b[39m wanted a';
    expect(fold(line, 18)).toBe('│  ├─ \u001b[32mholds\u001b[39m wanted\n│  │      a');
  });

  it('keeps a word that is longer than the line', () => {
    expect(fold('see https://example.org/long', 10)).toBe('see\n    https://example.org/long');
  });
});

it('progress tells rate and time left when there is a rate', () => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) > 0 };
  progressOf(170, 'token', stream as unknown as NodeJS.WriteStream, '; 170 PINs').at(0);
  expect(lines).toEqual(['0 of 170 tokens; 170 PINs\n']);
});

it('what happens while the definitions are read is printed after the line that needs them', async () => {
  const lines: string[] = [];
  const { onEvent, onInvocation, say } = narrator(
    (text) => lines.push(text),
    (_style, text) => text,
  );
  const event = { id: 'e1', source: 'my-idp', 'detail-type': 'login', time: '2026-03-15T10:20:30Z', detail: {} };
  const arrived = '\n2026-03-15T10:20:30.000Z login nobody (my-idp, post, e1)\n';
  onEvent('tokenwright', event as Parameters<typeof onEvent>[1]);
  onInvocation({ functionName: 'tokenwright-local-dispatch', event } as Parameters<typeof onInvocation>[0]);
  say('grace mistypes\n');
  say('grace answers\n');
  expect(lines).toEqual([arrived]);
  // There is no stack here, so the line about the definitions is empty.
  await vi.waitFor(() => expect(lines).toEqual([arrived, '', 'grace mistypes\n', 'grace answers\n']));
});
