import { expect, it } from 'vitest';
import { jsonFault } from '../../lib/text/json.ts';

function faultOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch (error) {
    return jsonFault(error);
  }
}

it.each([
  ['{"pin": 4711x}', "Expected ',' or '}' after property value in JSON at position 12 (line 1 column 13)"],
  ['{"pin": s3cret}', 'a value is malformed'],
  ["{'pin': 's3cret'}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
  ['{"key": "0123456789", "pin": s3cret, "more": "0123456789"}', 'a value is malformed'],
  ['s3cret', 'a value is malformed'],
  ['undefined', 'a value is malformed'],
  ['', 'Unexpected end of JSON input'],
  ['{"pin": "s3cret', 'Unterminated string in JSON at position 15 (line 1 column 16)'],
])('of %s tells where it is broken, or at least that it is, and never what stands there', (text, words) => {
  expect(faultOf(text)).toBe(words);
});
