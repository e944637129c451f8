import { describe, expect, it } from 'vitest';
import { newRecord, type TokenRecord } from '../../lib/token/record.ts';
import { changesBetween } from '../../lib/token/view.ts';

const record = newRecord({ serial: 'A', tokentype: 'hotp', realms: ['r1', 'r2'], tokengroups: ['g1', 'g2'] });
const having = (token: Partial<TokenRecord['token']>): TokenRecord => ({
  ...record,
  token: { ...record.token, ...token },
});

describe('changesBetween', () => {
  it('finds none where realms and token groups are in another order', () => {
    expect(changesBetween(record, having({ realms: ['r2', 'r1'], tokengroups: ['g2', 'g1'] }))).toEqual({});
  });

  it('shows both lists where a realm went', () => {
    expect(changesBetween(record, having({ realms: ['r2'] }))).toEqual({ realms: [['r1', 'r2'], ['r2']] });
  });

  it('shows a tokeninfo that is new, with null before', () => {
    expect(changesBetween(record, having({ info: { seen: 'yes' } }))).toEqual({ 'info.seen': [null, 'yes'] });
  });

  it('says of a deleted token that alone', () => {
    expect(changesBetween(record, { ...having({ realms: [] }), deletedAt: 5 })).toEqual({ deleted: [false, true] });
  });
});
