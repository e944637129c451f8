import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askSecret } from '../../cli/input/ask.ts';
import { main } from '../../cli/main.ts';

let shown: string;

beforeEach(() => {
  shown = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      shown += String(text);
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

function standardInput(stream: Readable): void {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as typeof process.stdin);
}

function terminal(...typed: string[]): void {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  standardInput(keyboard);
  for (const keys of typed) keyboard.write(keys);
}

describe('a secret that is asked for', () => {
  it('is not shown on a terminal', async () => {
    terminal('s3cret', '\r');
    expect(await askSecret('Password of T1: ')).toBe('s3cret');
    expect(shown).toBe('Password of T1: \n');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is not there after %s', async (_, key) => {
    terminal(key);
    await expect(askSecret('Password of T1: ')).rejects.toMatchObject({ code: 'not_answered' });
  });

  it.each(['s3cret', 's3cret\n', 's3cret\r\n'])('is read from a pipe: %j', async (text) => {
    standardInput(Readable.from([text]));
    expect(await askSecret('Password of T1: ')).toBe('s3cret');
    expect(shown).toBe('');
  });

  it('is refused as an argument, and not repeated', async () => {
    expect(await main(['tokens', 'verify', 'T1', 's3cret'])).toBe(2);
    expect(shown).toContain('other users could see an argument');
    expect(shown).not.toContain('s3cret');
  });
});
