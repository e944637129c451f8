/** The first file of a folder under test/ says what the folder proves. First is the first `.ts` file by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const TEST = join(import.meta.dirname, '..');
const folders = readdirSync(TEST, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== 'vectors' ? [entry.name] : [],
);

it.each(folders)('test/%s says in its first file what it proves', (folder) => {
  const [first = ''] = readdirSync(join(TEST, folder))
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const [head] = readFileSync(join(TEST, folder, first), 'utf8').split('*/');
  expect(head, `test/${folder}/${first}`).toMatch(new RegExp(`^/\\*\\*[\\s*]*test/${folder} proves `));
});
