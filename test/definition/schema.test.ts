import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { definitionsSchema } from '../../lib/definition/schema.ts';

const CLONE = join(import.meta.dirname, '..', '..');
const read = (path: string): unknown => parse(readFileSync(join(CLONE, path), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(definitionsSchema());
const one = (change: object) => [
  { id: 1, event: 'token_init', action: 'set validity', options: { 'valid till': '+1d' }, ...change },
];

describe('the schema takes', () => {
  it.each(['examples/definitions.yaml', 'test/definition/files/privacyidea-config.json'])('%s', (path) => {
    validate(read(path));
    expect(validate.errors).toBeNull();
  });

  it.each<[string, unknown]>([
    ['one definition', one({})[0]],
    ['an action in capitals', one({ action: ' Disable', options: {} })],
    ['a definition that is known by its name', [{ name: 'a', event: ['auth'], action: 'disable' }]],
    ['an empty option', one({ options: { 'valid from': '', 'valid till': '+1d' } })],
    ['groups of conditions', one({ conditions: [{ realm: 'a' }, { failcounter: ['<5', 9] }] })],
    ['null for what is absent', one({ ordering: null, target: null, conditions: null })],
  ])('%s', (_name, file) => expect(validate(file)).toBe(true));
});

describe('the schema marks', () => {
  it.each<[string, unknown]>([
    ['an unknown action', one({ action: 'set valdity' })],
    ['an option of another action', one({ options: { realm: 'a' } })],
    ['a missing option', one({ action: 'set tokenrealm', options: {} })],
    ['a missing event', [{ id: 1, action: 'disable' }]],
    ['an unknown condition', one({ conditions: { tokentyp: 'hotp' } })],
    ['a value that a condition does not take', one({ conditions: { token_locked: 'perhaps' } })],
    ['an unknown position', one({ position: 'during' })],
    ['an unknown target', one({ target: 'all' })],
  ])('%s', (_name, file) => expect(validate(file)).toBe(false));
});
