import { describe, expect, it } from 'vitest';
import { diffDefinitions, diffVersions } from '../../lib/definition/diff.ts';

const BODY = {
  id: 3,
  name: '30 days',
  event: ['token_init'],
  action: 'set validity',
  options: { 'valid till': '+30d' },
  conditions: { tokentype: 'totp' },
};
const setOf = (...bodies: { id: number; [field: string]: unknown }[]) =>
  new Map<number, unknown>(bodies.map((body) => [body.id, body]));

describe('the difference of two sets', () => {
  it('names what is new, changed and gone, in the order of ids', () => {
    const changes = diffDefinitions(
      setOf(BODY, { ...BODY, id: 5, name: 'old' }),
      setOf({ ...BODY, id: 1, name: 'new' }, { ...BODY, ordering: 2 }),
    );
    expect(changes.map(({ kind, id, name }) => `${kind} ${id} ${name}`)).toEqual([
      'add 1 new',
      'change 3 30 days',
      'remove 5 old',
    ]);
  });

  it('is none between two ways to write the same', () => {
    const written = { ...BODY, event: 'token_init', active: '1', ordering: '0', action: ' Set Validity', target: null };
    expect(diffDefinitions(setOf(BODY), setOf(written))).toEqual([]);
  });

  it('shows each field before and after, also where one of them is so by default', () => {
    const after = {
      ...BODY,
      active: false,
      options: { 'valid from': '+0m' },
      conditions: [{ realm: 'a' }, { serial: 'A' }],
    };
    expect(diffVersions(BODY, after)).toEqual([
      { path: 'active', before: true, after: false },
      { path: 'options.valid till', before: '+30d', after: undefined },
      { path: 'conditions.tokentype', before: 'totp', after: undefined },
      { path: 'options.valid from', before: undefined, after: '+0m' },
      { path: 'conditions[0].realm', before: undefined, after: 'a' },
      { path: 'conditions[1].serial', before: undefined, after: 'A' },
    ]);
  });

  it('leaves out of a new or a deleted definition what is so by default', () => {
    const fields = [
      ['name', '30 days'],
      ['event', ['token_init']],
      ['action', 'set validity'],
      ['options.valid till', '+30d'],
      ['conditions.tokentype', 'totp'],
    ];
    expect(diffVersions(null, BODY)).toEqual(fields.map(([path, after]) => ({ path, before: undefined, after })));
    expect(diffVersions(BODY, null)).toEqual(fields.map(([path, before]) => ({ path, before, after: undefined })));
  });

  it('says of secrets that they differ, and no more', () => {
    const options = (otpkey: string) => ({ otpkey, additional_params: JSON.stringify({ genkey: 0, otpkey }) });
    const changes = diffVersions({ ...BODY, options: options('31323334') }, { ...BODY, options: options('35363738') });
    expect(changes.map(({ path }) => path)).toEqual(['options.otpkey', 'options.additional_params']);
    expect(JSON.stringify(changes)).not.toMatch(/31323334|35363738/);
  });

  it('compares an unreadable stored definition as raw data', () => {
    expect(diffVersions({ id: 3, action: 7 }, BODY)).toContainEqual({
      path: 'action',
      before: 7,
      after: 'set validity',
    });
  });
});
