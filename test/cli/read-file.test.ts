import { expect, it } from 'vitest';
import { parseDocument } from '../../cli/input/read-file.ts';

it.each([
  ['a: >,"pin":"4711"', 'f: Block scalar header includes extra characters at line 1, column 5'],
  ['pin: *s3cret', 'f: Unresolved alias (the anchor must be set before the alias)'],
  ['{"a": 1, "pin": "s3cret', 'f: Missing closing'],
  ['a: 1\n b: 2', 'f: '],
])('of %j says what is broken, and where, and not what stands there', async (text, words) => {
  const error = await parseDocument('f', text).catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'bad_file', message: expect.stringContaining(words) });
  expect(String(error)).not.toMatch(/4711|s3cret/);
});
