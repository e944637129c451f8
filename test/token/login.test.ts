/** A login needs no ledger entry of its own, and late steps of older events give the same result as if they had arrived in time. */
import { expect, it } from 'vitest';
import { applyEffects } from '../../lib/token/apply.ts';
import { afterLogin } from '../../lib/token/login.ts';
import { newRecord, type TokenRecord } from '../../lib/token/record.ts';

const NOW = Date.parse('2026-03-15T10:20:30Z');
const START = newRecord({ serial: 'T1', tokentype: 'hotp', failcount: 2 });

const failing = (record: TokenRecord, now: number): TokenRecord =>
  afterLogin(
    record,
    { ...record, token: { ...record.token, failcount: record.token.failcount + 1 } },
    { now, resets: false },
  );
const succeeding = (record: TokenRecord, now: number): TokenRecord =>
  afterLogin(record, { ...record, token: { ...record.token, failcount: 0 } }, { now, resets: true });
const setLate = (record: TokenRecord, value: number, time: number) =>
  applyEffects(record, [{ kind: 'assign', path: 'failcount', value }], {
    time,
    ordering: 0,
    definition: 1,
    event: 'e',
  });

it('keeps one increment a minute', () => {
  const after = [0, 1000, 2000, 61_000].reduce((record, offset) => failing(record, NOW + offset), START);
  expect(after.token.failcount).toBe(6);
  expect(after.ledger.map(({ delta }) => delta?.by)).toEqual([3, 1]);
  expect(after.version).toBe(4);
});

it('is added by an assignment that occurred before it, and comes late', () => {
  const after = failing(failing(START, NOW), NOW + 1000);
  expect(setLate(after, 0, NOW - 1000).record.token.failcount).toBe(2);
  expect(setLate(after, 0, NOW + 120_000).record.token.failcount).toBe(0);
});

it('that succeeds is not undone by an assignment that occurred before it', () => {
  const after = succeeding(START, NOW);
  expect(setLate(after, 7, NOW - 1000)).toMatchObject({ made: 0, record: { token: { failcount: 0 } } });
  expect(setLate(after, 7, NOW + 1000)).toMatchObject({ made: 1, record: { token: { failcount: 7 } } });
});

it('stamps what it writes into tokeninfo', () => {
  const info = { ...START.token.info, last_auth: '2026-03-15 10:20' };
  const after = afterLogin(START, { ...START, token: { ...START.token, info } }, { now: NOW, resets: true });
  expect(Object.keys(after.stamps).sort()).toEqual(['failcount', 'info.last_auth']);
  expect(after.ledger).toEqual([]);
});
