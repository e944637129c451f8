/** Compares the command line that "npm ci" compiles with its sources. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { CLONE } from './tokenwright.ts';

const EXAMPLE = join(CLONE, 'examples', 'scenario.yaml');

async function outputOf(command: typeof main): Promise<unknown> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await command(['run', EXAMPLE, '--json'])).toBe(0);
    return JSON.parse(out.mock.calls.map(([text]) => String(text)).join(''));
  } finally {
    out.mockRestore();
  }
}

it('does what the sources do', async () => {
  execFileSync(process.execPath, [join(CLONE, 'scripts', 'compile.js')]);
  const { compiledFile }: { compiledFile: () => string } = await import(join(CLONE, 'bin', 'compiled.js'));
  const compiled: { main: typeof main } = createRequire(import.meta.url)(compiledFile());
  const expected = await outputOf(main);
  expect(expected).toMatchObject({ outcomes: expect.any(Array), tokens: expect.any(Array) });
  expect(await outputOf(compiled.main)).toEqual(expected);
});
