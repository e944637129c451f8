/** The lint rule about time and chance must be able to fail, in lib and functions, and only there. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LINES = [
  'Date.now()',
  'Math.random()',
  'new Date()',
  'Date()',
  '[0].map(Date.now)',
  'new Date(5)',
  'Math.round(1.5)',
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenwright-lint-'));
  await cp(join(root, 'biome.json'), join(folder, 'biome.json'));
  await cp(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  await writeFile(join(folder, '.gitignore'), 'node_modules/\n');
  for (const room of ['lib', 'functions', 'cli']) {
    await mkdir(join(folder, room));
    const text = LINES.map((line, index) => `export const value${index} = ${line};\n`).join('');
    await writeFile(join(folder, room, 'sample.ts'), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each<[room: string, lines: number[]]>([
  ['lib', [1, 2, 3, 4, 5]],
  ['functions', [1, 2, 3, 4, 5]],
  ['cli', []],
])('finds in %s the lines %j', async (room, lines) => {
  const report = await lint(join(room, 'sample.ts'));
  const found = [...report.matchAll(/sample\.ts:(\d+):\d+ plugin/g)].map((match) => Number(match[1]));
  expect(found).toEqual(lines);
});

function lint(path: string): Promise<string> {
  const biome = join(root, 'node_modules/.bin/biome');
  return new Promise((resolve) => {
    const args = [biome, 'lint', '--colors=off', path];
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
