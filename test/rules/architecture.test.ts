/**
 * test/rules proves that the project's own checks find what they forbid, and that its pages keep up with the code.
 *
 * docs/architecture.md against the tree: a map that leaves out a room, or shows one that is gone, misleads who is new.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const page = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8');

it('its table has every room of lib/, and no others', async () => {
  const entries = await readdir(join(ROOT, 'lib'), { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `lib/${name}`);
  const listed = [...page.matchAll(/^\| `(lib\/[\w-]+)` /gm)].map(([, room]) => room);
  expect(listed.sort()).toEqual(rooms.sort());
});

it('its picture has every function but the actions, of which there is one node', async () => {
  const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
  const files = [...(await readdir(join(ROOT, 'functions'))), ...(await readdir(join(ROOT, 'functions/http')))];
  const functions = files.filter((file) => file.endsWith('.ts')).map((file) => file.replace('.ts', ''));
  expect(functions).toContain('dispatch');
  expect(functions.filter((name) => !picture.includes(name))).toEqual([]);
  expect(picture).toContain('one function an action');
});
