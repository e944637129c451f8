/** docs/README.md must name every page, so that all of them can be found. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CLONE } from '../cli/tokenwright.ts';

const index = readFileSync(join(CLONE, 'docs/README.md'), 'utf8');
const pages = globSync('**/*.{md,json}', {
  cwd: join(CLONE, 'docs'),
  exclude: ['README.md', 'decisions/**', 'reference/schemas/**'],
});

it.each(pages)('%s is in the index of the documentation', (page) => {
  expect(index).toContain(`(${page})`);
});
