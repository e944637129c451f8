import { describe, expect, it } from 'vitest';
import { findAction } from '../../lib/action/catalogue.ts';
import { parseOptions } from '../../lib/action/options.ts';
import { applyEffects } from '../../lib/token/apply.ts';
import { attributeHash } from '../../lib/token/ledger.ts';
import { newRecord } from '../../lib/token/record.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
const stamp = { time: 1, ordering: 0, definition: 1, event: 'e' };
const record = newRecord({ serial: 'A', tokentype: 'hotp', failcount: LARGEST, info: { k: String(LARGEST) } });

describe('numbers beyond what can be counted exactly', () => {
  it.each(['failcount', 'info.k'] as const)('refuse an increment of %s, and do not end in a retry', (path) => {
    expect(() => applyEffects(record, [{ kind: 'increment', path, by: 1 }], stamp)).toThrow(
      expect.objectContaining({ code: 'number_too_large' }),
    );
  });

  it('leave room for the last one', () => {
    const { record: after } = applyEffects(record, [{ kind: 'increment', path: 'failcount', by: -1 }], stamp);
    expect(after.token.failcount).toBe(LARGEST - 1);
  });
});

it('a failcounter that a late increment brings to 0 is no longer exceeded', () => {
  const blocked = newRecord({ serial: 'A', tokentype: 'hotp', failcount: 2, info: { failcounter_exceeded: 'x' } });
  const delta = { attribute: attributeHash('failcount'), by: -3, stamp: { ...stamp, time: 2 } };
  const after = { ...blocked, ledger: [{ step: '00', time: 2, delta }], token: { ...blocked.token, failcount: -1 } };
  const { record: late } = applyEffects(after, [{ kind: 'increment', path: 'failcount', by: 1 }], stamp);
  expect(late.token).toMatchObject({ failcount: 0, info: {} });
});

function refusal(action: string, options: Record<string, unknown>) {
  const found = findAction(action);
  const parsed = found && parseOptions(found, options);
  return parsed?.ok === false ? parsed.errors.map(({ code, details }) => [code, details.path]) : parsed?.value;
}

describe('options', () => {
  it.each(['set tokeninfo', 'increase tokeninfo', 'delete tokeninfo'])(
    '%s takes any key that the store can name',
    (action) => {
      expect(refusal(action, { key: 'constructor' })).toMatchObject({ key: 'constructor' });
      expect(refusal(action, { key: '__proto__' })).toMatchObject({ key: '__proto__' });
      expect(refusal(action, { key: 'k'.repeat(65_001) })).toEqual([['bad_option', 'key']]);
    },
  );

  it('refuse an invalid flag with their own code', () => {
    expect(refusal('set tokenrealm', { realm: 'a', only_realm: 'maybe' })).toEqual([['bad_option', 'only_realm']]);
    expect(refusal('set tokenrealm', { realm: 'a', only_realm: 'True' })).toMatchObject({ only_realm: true });
  });
});
