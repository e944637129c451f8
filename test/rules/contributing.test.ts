/** The examples of CONTRIBUTING.md must equal the code, so that they are never out of date. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenTypes } from '../../lib/tokentype/catalogue.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

/** Every example of TypeScript, and the file that is named last before it. */
async function examples() {
  const parts = (await read('CONTRIBUTING.md')).split(/^```ts\n([\s\S]*?)^```$/m);
  return parts.flatMap((code, i) => {
    const file = [...(parts[i - 1] ?? '').matchAll(/\]\((lib\/[^)]+\.ts)\)/g)].at(-1)?.[1] ?? '';
    return i % 2 === 1 ? [{ file, code }] : [];
  });
}

describe('an example of CONTRIBUTING.md', async () => {
  const all = await examples();

  it('is there for an action, a condition and a token type', () => {
    expect(all.map(({ file }) => file)).toEqual([
      'lib/action/actions/set-max-failcount.ts',
      'lib/condition/token.ts',
      'lib/tokentype/types/spass.ts',
    ]);
  });

  it.each(all)('is literally in $file', async ({ file, code }) => {
    expect(await read(file)).toContain(code);
  });

  it.each(all.filter(({ file }) => !file.includes('/condition/')))('is the whole of $file', async ({ file, code }) => {
    expect(code).toBe(await read(file));
  });
});

it('the page of token types has a row for every type', async () => {
  const rows = [...(await read('docs/token-types.md')).matchAll(/^\| (`[\w`, ]+`) +\| `[A-Z]+\.\.\.`/gm)].map(
    ([, types = '']) => types,
  );
  const listed = rows.flatMap((types) => types.replaceAll('`', '').split(', '));
  expect(listed.sort()).toEqual(tokenTypes.map(({ name }) => name).sort());
});
